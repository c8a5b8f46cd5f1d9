using Atlas.Compute.Cpu;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class DecoderBenchmarkTests
{
    private static readonly BenchmarkShape Shape = new()
    {
        Layers = 2,
        Width = 64,
        Heads = 4,
        KvHeads = 2,
        FeedForward = 128,
        Vocabulary = 300,
        Context = 40,
    };

    [Theory]
    [InlineData(WeightFormat.F32)]
    [InlineData(WeightFormat.BF16)]
    [InlineData(WeightFormat.Int8)]
    public void A_steps_bytes_are_its_weights_and_the_keys_and_values_of_its_context(WeightFormat format)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var config = Shape.ToConfig();
        using var decoder = engine.LoadDecoder(config, new RandomWeights(config, 1), new DecoderOptions { Format = format });
        using var benchmark = new DecoderBenchmark(engine, Shape, format);
        // Keys and values, two layers, two heads of 16, 40 positions, 4 bytes each.
        Assert.Equal(decoder.WeightBytesPerStep + (2 * 2 * 2 * 16 * 40 * 4), benchmark.StepBytes);
    }

    [Fact]
    public void Every_row_count_gets_a_time_and_prompts_a_pace()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var benchmark = new DecoderBenchmark(engine, Shape, WeightFormat.F32);
        var seconds = benchmark.StepSeconds([1, 3, 8], 3);
        Assert.Equal([1, 3, 8], seconds.Keys.Order());
        Assert.All(seconds.Values, value => Assert.True(value > 0));
        Assert.True(benchmark.PrefillTokensPerSecond(2) > 0);
        Assert.True(benchmark.AllocatedBytesPerStep(20) >= 0);
    }

    [Fact]
    public void A_context_of_several_prompt_chunks_is_filled()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var benchmark = new DecoderBenchmark(engine, Shape with { Context = 600 }, WeightFormat.F32);
        Assert.True(benchmark.StepSeconds([1], 1)[1] > 0);
    }
}
