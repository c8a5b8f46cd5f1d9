using Atlas.Compute.Cpu;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class LearnedBenchmarkTests
{
    [Theory]
    [InlineData(WeightFormat.BF16, 2)]
    [InlineData(WeightFormat.Int8, 1.0625)]
    public void It_measures_target_and_head_and_counts_the_heads_bytes(WeightFormat format, double bytes)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var head = new HeadConfig { IntermediateSize = 32, HotVocabularySize = 64, DraftFormat = format };
        var shape = new BenchmarkShape { Layers = 1, Width = 64, Heads = 4, KvHeads = 2, FeedForward = 96, Vocabulary = 128, Context = 16 };
        var cost = new LearnedBenchmark(engine, head, new SamplingOptions { Temperature = 1 }).Run(shape, WeightFormat.BF16, 600);
        Assert.Equal((long)(bytes * (6 * 64 * 32 + 64 * 64)), cost.WeightBytesPerToken);
        foreach (double time in new[] { cost.StepMicroseconds, cost.MicrosecondsPerToken, cost.LearnMicrosecondsPerWindow, cost.UpdateMicroseconds, cost.PieceMicroseconds })
            Assert.True(time > 0 && double.IsFinite(time));
        Assert.Equal(cost.MicrosecondsPerToken / cost.StepMicroseconds, cost.StepFraction);
    }
}
