using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests.Conformance;

/// <summary>Caches on the device.</summary>
public sealed class TorchSequenceTests : SequenceConformance
{
    protected override IComputeEngine CreateEngine() => TorchUnderTest.Create();
}
