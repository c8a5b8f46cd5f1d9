using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests.Conformance;

/// <summary>A forward on libtorch against the reference in double; activations are rounded to bf16 where the weights are.</summary>
public sealed class TorchForwardTests : ForwardConformance
{
    protected override IComputeEngine CreateEngine() => TorchUnderTest.Create();
}
