using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Measures an engine: the limits of its device, plain decoding, verification and prompt reading of a decoder in several weight formats, the
/// products of training, and allocation. Everything takes its turn in every round, limits included, so that both sides of a ratio see the
/// same neighbours.
/// </summary>
public sealed class EngineBenchmark : IDisposable
{
    private readonly IComputeEngine _engine;
    private readonly BenchmarkOptions _options;
    private readonly List<DecoderTimer> _decoders = [];

    /// <summary>Loads the decoders.</summary>
    /// <exception cref="NotSupportedException">The engine has no kernels for the format that was asked for, or for the shape.</exception>
    public EngineBenchmark(IComputeEngine engine, BenchmarkOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rounds, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AllocationSteps, 1, nameof(options));
        _engine = engine;
        _options = options;
        try
        {
            Load(options.Format);
            foreach (var format in options.Formats.Skip(1)) LoadIfSupported(format);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs a round that warms up, then the rounds that count, then the steps whose allocation is counted.</summary>
    /// <param name="roundDone">Called after each round with the number of rounds done, the one that warms up included.</param>
    public BenchmarkResult Measure(Action<int>? roundDone = null)
    {
        var limits = new List<DeviceLimits>();
        var products = new List<ProductRates>();
        for (int round = 0; round <= _options.Rounds; round++)
        {
            bool keep = round > 0;
            var measured = _engine.MeasureLimits();
            var (rows, inputs, outputs) = BenchmarkOptions.Product;
            var rates = _engine.MeasureProducts(rows, inputs, outputs);
            foreach (var decoder in _decoders)
            {
                measured = Best(measured, _engine.MeasureLimits());
                decoder.RunRound(keep);
            }
            if (keep)
            {
                limits.Add(measured);
                products.Add(rates);
            }
            roundDone?.Invoke(round + 1);
        }
        return new BenchmarkResult
        {
            Engine = _engine.Info,
            FreeMemory = _engine.ReadFreeMemory(),
            Options = _options,
            Parameters = _options.Shape.ToConfig().ParameterCount,
            Limits = new LimitSeries(limits),
            Decoders = [.. _decoders.Select(decoder => decoder.Result())],
            Products = ProductResult.Of(BenchmarkOptions.Product, products),
            AllocatedBytesPerStep = _decoders[0].Decoder.AllocatedBytesPerStep(_options.AllocationSteps),
        };
    }

    /// <summary>Frees the decoders; the engine stays.</summary>
    public void Dispose()
    {
        foreach (var decoder in _decoders) decoder.Dispose();
    }

    // A probe that a neighbour slowed down says nothing about the machine.
    private static DeviceLimits Best(DeviceLimits a, DeviceLimits b) => new(
        Math.Max(a.ReadGigabytesPerSecond, b.ReadGigabytesPerSecond), Math.Max(a.MultiplyAddGigaflops, b.MultiplyAddGigaflops));

    private void Load(WeightFormat format) => _decoders.Add(new DecoderTimer(new BenchmarkDecoder(_engine, _options.Shape, format)));

    private void LoadIfSupported(WeightFormat format)
    {
        try
        {
            Load(format);
        }
        catch (NotSupportedException)
        {
            // Formats that nobody asked for are left out where the engine has no kernels for them.
        }
    }
}
