using Atlas.Compute.Cpu;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class EngineBenchmarkTests
{
    private static readonly BenchmarkOptions Options = new() { Shape = TinyShape.Value, Rounds = 2, AllocationSteps = 20 };

    [Theory]
    [InlineData(WeightFormat.F32, WeightFormat.F32, WeightFormat.BF16, WeightFormat.Int8)]
    [InlineData(WeightFormat.BF16, WeightFormat.BF16, WeightFormat.Int8)]
    [InlineData(WeightFormat.Int8, WeightFormat.Int8, WeightFormat.BF16)]
    public void Every_phase_of_every_format_has_a_time_in_every_round(WeightFormat asked, params WeightFormat[] formats)
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 2 });
        using var benchmark = new EngineBenchmark(engine, Options with { Format = asked });
        var rounds = new List<int>();
        var result = benchmark.Measure(rounds.Add);
        Assert.Equal([1, 2, 3], rounds);
        Assert.Equal(formats, result.Decoders.Select(decoder => decoder.Format));
        foreach (var decoder in result.Decoders)
        {
            Assert.Equal([1, 2, 4, 8, 16], decoder.Steps.Select(step => step.Rows));
            Assert.Equal(512, decoder.Prompt.Rows);
            foreach (var phase in decoder.Steps.Append(decoder.Prompt))
            {
                Assert.Equal(2, phase.Seconds.Values.Count);
                Assert.All(phase.Seconds.Values, seconds => Assert.True(seconds > 0));
                Assert.Equal(
                    phase.Work.Bytes / phase.Work.Operations,
                    phase.FractionOfBandwidth(result.Limits).Values[1] * result.Limits.ReadGigabytesPerSecond.Values[1]
                    / (phase.FractionOfPeak(result.Limits).Values[1] * result.Limits.MultiplyAddGigaflops.Values[1]),
                    1e-6);
            }
            Assert.All(decoder.CostOf(decoder.Plain).Values, cost => Assert.Equal(1, cost));
        }
        Assert.Equal(["forward", "dW", "dX"], result.Products.Select(product => product.Name));
        Assert.All(result.Products, product => Assert.True(product.Gigaflops.Median > 0 && product.Work.Operations == 2.0 * 512 * 1024 * 2816));
        Assert.Equal(TinyShape.Value.ToConfig().ParameterCount, result.Parameters);
    }

    [Fact]
    public void Phases_leave_the_cache_as_it_was_and_so_can_be_repeated()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        using var decoder = new BenchmarkDecoder(engine, TinyShape.Value with { Context = 600 }, WeightFormat.F32);
        // 600 tokens are several prompts; the room behind them would be used up by steps that committed.
        foreach (var phase in new[] { decoder.Step(1), decoder.Step(16), decoder.Prompt() })
            for (int i = 0; i < (phase.Rows > 100 ? 4 : 120); i++)
                phase.Run();
    }

    [Fact]
    public void A_format_that_nobody_asked_for_may_be_missing_from_an_engine()
    {
        using var engine = new EngineWithoutInt8();
        using (var benchmark = new EngineBenchmark(engine, Options))
            Assert.Equal([WeightFormat.BF16], benchmark.Measure().Decoders.Select(decoder => decoder.Format));
        Assert.Throws<NotSupportedException>(() => new EngineBenchmark(engine, Options with { Format = WeightFormat.Int8 }));
    }

    [Fact]
    public void Options_without_rounds_are_refused()
    {
        using var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EngineBenchmark(engine, Options with { Rounds = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EngineBenchmark(engine, Options with { AllocationSteps = 0 }));
    }

    private sealed class EngineWithoutInt8 : IComputeEngine
    {
        private readonly CpuEngine _inner = new(new CpuEngineOptions { Threads = 1 });

        public EngineInfo Info => _inner.Info;

        public long? ReadFreeMemory() => null;

        public DeviceLimits MeasureLimits() => new(10, 10);

        public ProductRates MeasureProducts(int rows, int inputs, int outputs) => new(1, 2, 3);

        public IDecoder LoadDecoder(ModelConfig config, IWeightSource weights, DecoderOptions options) =>
            options.Format == WeightFormat.Int8 ? throw new NotSupportedException("no int8 here") : _inner.LoadDecoder(config, weights, options);

        public ITrainableDecoder CreateTrainableDecoder(ModelConfig config, IWeightSource? initial, ulong seed) =>
            _inner.CreateTrainableDecoder(config, initial, seed);

        public ITrainableHead CreateTrainableHead(HeadConfig config, IDecoder target, IWeightSource? initial, ulong seed) =>
            _inner.CreateTrainableHead(config, target, initial, seed);

        public void Dispose() => _inner.Dispose();
    }
}
