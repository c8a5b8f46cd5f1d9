using Atlas.Compute.Cpu.Benchmarks;
using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Diagnostics;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Training;
using Atlas.Compute.Cpu.Weights;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu;

/// <summary>
/// The embedded engine: C# kernels on AVX-512, AVX2, NEON or plain floats, by what the machine has, all with the same bits. Batch-invariant.
/// Decoders of one engine share its threads; they may be used from different threads, and their parallel parts then take turns. Dispose
/// decoders before the engine.
/// </summary>
public sealed class CpuEngine : IComputeEngine
{
    private readonly CpuKernels _kernels;
    private readonly WorkerPool _pool;

    /// <summary>An engine with its threads started.</summary>
    /// <param name="options">Null takes the defaults.</param>
    public CpuEngine(CpuEngineOptions? options = null) : this(options ?? new CpuEngineOptions(), CpuKernels.Best) { }

    /// <summary>An engine on chosen kernels, for tests.</summary>
    internal CpuEngine(CpuEngineOptions options, CpuKernels kernels)
    {
        _kernels = kernels;
        _pool = new WorkerPool(options.Threads, options.PinThreads);
        Info = new EngineInfo("cpu", $"{ProcessorName.Read()} ({kernels.Name})", _pool.Threads, BatchInvariant: true);
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <inheritdoc/>
    public long? ReadFreeMemory() => HostMemory.ReadFree();

    /// <inheritdoc/>
    public DeviceLimits MeasureLimits() => LimitsProbe.Measure(_pool);

    /// <inheritdoc/>
    public ProductRates MeasureProducts(int rows, int inputs, int outputs) => ProductProbe.Measure(_pool, rows, inputs, outputs);

    /// <inheritdoc/>
    public IDecoder LoadDecoder(ModelConfig config, IWeightSource weights, DecoderOptions options)
    {
        CheckShape(config);
        options = Complete(config, options);
        CpuKernels.PanelBytes(options.Format, config.HiddenSize);
        return new CpuDecoder(options, DecoderWeightsLoader.Load(config, weights, options.Format, _pool), _kernels, _pool);
    }

    /// <inheritdoc/>
    public ITrainableDecoder CreateTrainableDecoder(ModelConfig config, IWeightSource? initial, ulong seed) =>
        new CpuTrainableDecoder(config, initial, seed, _pool);

    /// <inheritdoc/>
    public ITrainableHead CreateTrainableHead(HeadConfig config, IDecoder target, IWeightSource? initial, ulong seed) =>
        target is CpuDecoder decoder
            ? new CpuTrainableHead(config, decoder, initial, seed)
            : throw new ArgumentException("the target is a decoder of another engine", nameof(target));

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _pool.Dispose();

    private static void CheckShape(ModelConfig config)
    {
        if (config.HeadDim % 2 != 0)
            throw new NotSupportedException($"the cpu engine has no rotary kernel for a head width of {config.HeadDim}; expected an even one");
        if (config.KvHeads < 1 || config.Heads % config.KvHeads != 0)
            throw new NotSupportedException(
                $"the cpu engine has no attention kernel for {config.Heads} query and {config.KvHeads} key/value heads; expected a multiple");
        if (config.LayerWindows.Count != 0 && config.LayerWindows.Count != config.Layers)
            throw new NotSupportedException($"the model has {config.LayerWindows.Count} attention windows for {config.Layers} layers");
    }

    private static DecoderOptions Complete(ModelConfig config, DecoderOptions options)
    {
        int context = options.ContextLength == 0 ? config.ContextLength : options.ContextLength;
        if (context < 1 || context > config.ContextLength)
            throw new ArgumentException($"a context of {context} tokens was asked for; the model has {config.ContextLength}", nameof(options));
        if (options.MaxSequences < 1) throw new ArgumentException($"{options.MaxSequences} sequences were asked for; expected at least 1", nameof(options));
        if (options.MaxRows < 1) throw new ArgumentException($"{options.MaxRows} rows per forward were asked for; expected at least 1", nameof(options));
        if (options.MaxPending < 1) throw new ArgumentException($"{options.MaxPending} pending rows were asked for; expected at least 1", nameof(options));
        return options with { ContextLength = context };
    }
}
