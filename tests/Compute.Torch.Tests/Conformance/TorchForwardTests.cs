using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests.Conformance;

/// <summary>A forward on libtorch against the reference in double; activations are rounded to bf16 where the weights are.</summary>
public sealed class TorchForwardTests : ForwardConformance
{
    // States and logits of the tiny models are of order one, and bf16 keeps 8 bits of each of the values between them.
    protected override double Bf16Tolerance => 0.1;

    protected override IComputeEngine CreateEngine() => TorchUnderTest.Create();
}
