using Atlas.Compute.Cpu;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class DecoderWorkTests
{
    // Keys and values, two layers, two heads of 16.
    private const int CacheElements = 2 * 2 * 2 * 16;

    [Theory]
    [InlineData(WeightFormat.F32, 4)]
    [InlineData(WeightFormat.BF16, 2)]
    [InlineData(WeightFormat.Int8, 2)]
    public void A_steps_bytes_are_its_weights_and_the_keys_and_values_of_its_context_whatever_its_rows(WeightFormat format, int cacheElement)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var decoder = Load(engine, format);
        var work = new DecoderWork(decoder);
        foreach (int rows in (int[])[1, 2, 16]) Assert.Equal(decoder.WeightBytesPerStep + 40 * CacheElements * cacheElement, work.Step(rows, 40).Bytes);
        Assert.Equal(decoder.WeightBytesPerStep, work.Prompt(512).Bytes);
    }

    [Fact]
    public void Operations_are_two_for_each_weight_and_row_and_attention_over_what_each_row_sees()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var decoder = Load(engine, WeightFormat.BF16);
        var work = new DecoderWork(decoder);
        const int Weights = TinyShape.BlockWeights + TinyShape.HeadWeights;
        // A query of 64 in both layers: a multiply-add with each key and each value.
        const int PerPosition = 2 * 2 * 64 * 2;
        Assert.Equal(2 * Weights + 41 * PerPosition, work.Step(1, 40).Operations);
        Assert.Equal(2 * 3 * Weights + (41 + 42 + 43) * PerPosition, work.Step(3, 40).Operations);
        Assert.Equal(2 * (3 * TinyShape.BlockWeights + TinyShape.HeadWeights) + (1 + 2 + 3) * PerPosition, work.Prompt(3).Operations);
    }

    [Fact]
    public void The_default_shape_has_206_million_parameters_and_reads_403_megabytes()
    {
        var shape = new BenchmarkShape();
        Assert.Equal(206, shape.ToConfig().ParameterCount / 1e6, 0.5);
        // Matrices without the embedding, and the cache, in bf16.
        double bytes = 2 * (shape.Weights - (double)shape.Vocabulary * shape.Width) + 2 * shape.CacheElements;
        Assert.Equal(403, bytes / 1e6, 0.5);
    }

    [Fact]
    public void A_shapes_weights_are_those_of_its_matrices()
    {
        Assert.Equal(TinyShape.BlockWeights + 2 * TinyShape.HeadWeights, TinyShape.Value.Weights);
        Assert.Equal(40 * CacheElements, TinyShape.Value.CacheElements);
    }

    [Fact]
    public void The_slower_of_reading_and_computing_bounds_a_phase()
    {
        var limits = new DeviceLimits(40, 200);
        var read = new PhaseWork(80e9, 100e9);
        Assert.Equal((2.0, 0.5, true), (read.ReadSeconds(limits), read.OperationSeconds(limits), read.IsBoundByReading(limits)));
        var computed = new PhaseWork(20e9, 300e9);
        Assert.Equal((0.5, 1.5, false), (computed.ReadSeconds(limits), computed.OperationSeconds(limits), computed.IsBoundByReading(limits)));
    }

    private static IDecoder Load(CpuEngine engine, WeightFormat format)
    {
        var config = TinyShape.Value.ToConfig();
        return engine.LoadDecoder(config, new RandomWeights(config, 1), new DecoderOptions { Format = format });
    }
}
