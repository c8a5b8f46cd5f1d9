using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests.Conformance;

/// <summary>Drawing, ranking and hidden states on the device.</summary>
public sealed class TorchResultTests : ResultConformance
{
    protected override IComputeEngine CreateEngine() => TorchUnderTest.Create();
}
