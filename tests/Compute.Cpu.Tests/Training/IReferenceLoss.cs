using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>A loss with its value in double, for difference quotients.</summary>
public interface IReferenceLoss : ITokenLoss
{
    double Value(TokenBatch batch, double[] logProbs);
}
