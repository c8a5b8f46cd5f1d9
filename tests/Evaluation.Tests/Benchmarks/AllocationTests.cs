using Atlas.Compute.Cpu;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;

namespace Atlas.Evaluation.Tests.Benchmarks;

/// <summary>Runs alone: allocation is counted over the whole process, other tests' included.</summary>
[Collection(nameof(AloneCollection))]
public sealed class AllocationTests
{
    [Fact]
    public void A_step_allocates_nothing()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 2 });
        using var decoder = new BenchmarkDecoder(engine, TinyShape.Value, WeightFormat.BF16);
        // Tiers of compilation that end while it is counted may leave a little behind once.
        Assert.InRange(decoder.AllocatedBytesPerStep(2000), 0, 8);
    }
}
