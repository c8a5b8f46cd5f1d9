using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests.Conformance;

public class CpuAllocationTests : AllocationConformance
{
    protected override IComputeEngine CreateEngine() => new CpuEngine(new CpuEngineOptions { Threads = 2 });
}
