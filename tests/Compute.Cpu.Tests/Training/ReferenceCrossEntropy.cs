using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>Mean negative log-probability: the library's loss, and its definition in double.</summary>
public sealed class ReferenceCrossEntropy : IReferenceLoss
{
    public double Evaluate(TokenBatch batch, ReadOnlySpan<float> logProbs, Span<float> derivative) =>
        new CrossEntropy().Evaluate(batch, logProbs, derivative);

    public double Value(TokenBatch batch, double[] logProbs) => -logProbs.Where((_, i) => batch.Targets[i] >= 0).Average();
}
