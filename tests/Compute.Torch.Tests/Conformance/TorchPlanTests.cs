using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests.Conformance;

/// <summary>What this engine refuses.</summary>
public sealed class TorchPlanTests : PlanConformance
{
    protected override IComputeEngine CreateEngine() => TorchUnderTest.Create();
}
