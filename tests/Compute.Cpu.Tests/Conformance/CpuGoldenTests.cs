using Atlas.Conformance;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Tests.Conformance;

public class CpuGoldenTests : GoldenConformance
{
    protected override IReadOnlyDictionary<WeightFormat, double> RoundedFormats { get; } =
        new Dictionary<WeightFormat, double> { [WeightFormat.BF16] = 0.02, [WeightFormat.Int8] = 0.1 };

    protected override IComputeEngine CreateEngine() => new CpuEngine();
}
