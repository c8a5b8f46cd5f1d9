using Atlas.Conformance;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests.Conformance;

public class CpuSequenceTests : SequenceConformance
{
    protected override IComputeEngine CreateEngine() => new CpuEngine();
}
