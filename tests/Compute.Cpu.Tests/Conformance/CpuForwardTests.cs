using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests.Conformance;

public class CpuForwardTests : ForwardConformance
{
    protected override IComputeEngine CreateEngine() => new CpuEngine();
}
