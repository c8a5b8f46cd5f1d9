using Atlas.Compute.Cpu;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks;

[Collection(nameof(AloneCollection))]
public sealed class StepBenchmarkTests
{
    private static readonly StepBenchmarkOptions Options = new()
    {
        Target = TinyShape.Value,
        Draft = new BenchmarkShape { Layers = 1, Width = 32, Heads = 2, KvHeads = 1, FeedForward = 48 },
        Batches = [1, 3],
        Rows = [1, 4],
        Lookahead = 3,
        Rounds = 3,
    };

    [Fact]
    public void It_measures_every_batch_the_draft_step_and_the_whole_step()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var benchmark = new StepBenchmark(engine, Options);
        int rounds = 0;
        var result = benchmark.Measure(done => rounds = done, new HeadConfig { IntermediateSize = 16, HotVocabularySize = 32 });
        Assert.Equal(4, rounds);
        Assert.Equal([(1, 1), (1, 4), (3, 1), (3, 4)], result.Forwards.Select(f => (f.Sequences, f.RowsEach)));
        Assert.Equal([1, 3, 4, 12], result.Latency.Select(point => point.Rows));
        Assert.All(result.Forwards, forward => Assert.All(forward.Phase.Seconds.Values, seconds => Assert.True(seconds > 0)));
        Assert.All(result.CostOf(result.Forwards[2]).Values, cost => Assert.Equal(1, cost));
        Assert.InRange(result.StepOverhead.Median, 0, 1);
        Assert.True(result.Step.Median > result.Forwards[1].Phase.Seconds.Median, "a step holds a verification and more");
        Assert.True(result.Learned!.MicrosecondsPerToken > 0);
        // No draft token right: a step emits one token and takes longer than a plain one. All right: four.
        Assert.Equal(4 * result.SpeedupAt(0), result.SpeedupAt(1), 1e-9);
        Assert.Equal(result.Plain.Phase.Seconds.Median / result.Step.Median, result.SpeedupAt(0), 1e-9);
    }

    [Fact]
    public void Work_counts_the_weights_once_and_the_cache_per_sequence()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var benchmark = new StepBenchmark(engine, Options with { Rounds = 1 });
        var result = benchmark.Measure();
        double one = result.Forwards[0].Phase.Work.Bytes, three = result.Forwards[2].Phase.Work.Bytes;
        // Keys and values of both layers behind 40 tokens, two heads of 16 elements; the embedded engine keeps them as f32 or as bf16.
        double cache = 2 * 2 * 2 * 16 * TinyShape.Value.Context;
        Assert.Contains((three - one) / 2 / cache, new double[] { 2, 4 });
        Assert.Equal(3, result.Forwards[2].Phase.Work.Operations / result.Forwards[0].Phase.Work.Operations, 1e-9);
        Assert.Null(result.Learned);
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    public void Counts_that_do_not_rise_from_one_are_refused(int first, int second)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        Assert.Throws<ArgumentException>(() => new StepBenchmark(engine, Options with { Batches = [first, second] }));
    }
}
