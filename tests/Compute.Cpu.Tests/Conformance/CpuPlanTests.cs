using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests.Conformance;

public class CpuPlanTests : PlanConformance
{
    protected override IComputeEngine CreateEngine() => new CpuEngine();
}
