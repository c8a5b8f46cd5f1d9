using System.Globalization;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>
/// The engine on libtorch, CPU or CUDA: inference of llama-family decoders, and learned heads over them. It is not batch-invariant: libtorch
/// picks kernels by the number of rows, so logits of a row may differ in their last bits between forwards of different size. Decoders do not
/// train here.
/// </summary>
public sealed class TorchEngine : IComputeEngine
{
    private readonly TorchEngineOptions _options;
    private readonly torch.Device _device;
    private readonly long _workspace;

    /// <summary>Loads libtorch and makes sure that the device is there.</summary>
    /// <exception cref="ArgumentException">The device's name is none.</exception>
    /// <exception cref="NotSupportedException">Library or device are not there; one line says which.</exception>
    public TorchEngine(TorchEngineOptions options)
    {
        _options = options;
        var (type, index) = ParseDevice(options.Device);
        LibTorch.Load(type, options.LibraryDirectory);
        if (type == DeviceType.CUDA && index >= torch.cuda.device_count())
            throw new NotSupportedException($"device {options.Device} does not exist; this machine has {torch.cuda.device_count()}");
        if (options.Threads > 0) torch.set_num_threads(options.Threads);
        _workspace = options.WorkspaceBytes > 0 ? options.WorkspaceBytes : long.MaxValue;
        _device = type == DeviceType.CUDA ? torch.device(DeviceType.CUDA, index) : torch.CPU;
        string name = type == DeviceType.CUDA ? string.Create(CultureInfo.InvariantCulture, $"cuda:{index}") : "cpu";
        Info = new EngineInfo("torch", $"{name}, TorchSharp {LibTorch.Version}, {LibTorch.NativePath}", torch.get_num_threads(), BatchInvariant: false);
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <summary>The engine of the static draft model: this one, or one on <see cref="TorchEngineOptions.DraftDevice"/>.</summary>
    /// <exception cref="ArgumentException">The device's name is none.</exception>
    /// <exception cref="NotSupportedException">The device is not there.</exception>
    public TorchEngine ForDraft() => _options.DraftDevice is { } device ? new(_options with { Device = device, DraftDevice = null }) : this;

    /// <inheritdoc/>
    public long? ReadFreeMemory() => DeviceMemory.Free(_device);

    /// <inheritdoc/>
    public DeviceLimits MeasureLimits() => LimitsProbe.Measure(_device);

    /// <inheritdoc/>
    public ProductRates MeasureProducts(int rows, int inputs, int outputs) => ProductProbe.Measure(_device, rows, inputs, outputs);

    /// <inheritdoc/>
    /// <exception cref="InsufficientMemoryException">The device has too little memory; the message names asked and free.</exception>
    public IDecoder LoadDecoder(ModelConfig config, IWeightSource weights, DecoderOptions options)
    {
        var full = options.ContextLength == 0 ? options with { ContextLength = config.ContextLength } : options;
        if (full.ContextLength < 1 || full.ContextLength > config.ContextLength)
            throw new ArgumentException($"context length is {full.ContextLength}; expected 1 to {config.ContextLength}", nameof(options));
        if (full.MaxSequences < 1 || full.MaxRows < 1 || full.MaxPending < 1)
            throw new ArgumentException("sequences, rows and pending rows must each be 1 or more", nameof(options));
        return new TorchDecoder(config, weights, full, new DevicePlace(_device, ElementTypes.Of(full.Format, _device), _workspace));
    }

    /// <summary>Not there: this engine does not train.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ITrainableDecoder CreateTrainableDecoder(ModelConfig config, IWeightSource? initial, ulong seed) =>
        throw new NotSupportedException("the torch engine does not train decoders; use the cpu engine for it");

    /// <inheritdoc/>
    /// <exception cref="CheckpointException"><paramref name="initial"/> does not fit the shape.</exception>
    /// <exception cref="NotSupportedException">The device has no products for <see cref="HeadConfig.DraftFormat"/>.</exception>
    public ITrainableHead CreateTrainableHead(HeadConfig config, IDecoder target, IWeightSource? initial, ulong seed) =>
        target is TorchDecoder decoder
            ? new TorchTrainableHead(config, decoder, initial, seed)
            : throw new ArgumentException("the target is a decoder of another engine", nameof(target));

    /// <summary>Frees nothing of its own: decoders are disposed by whoever loaded them, libtorch stays loaded.</summary>
    public void Dispose()
    {
    }

    private static (DeviceType Type, int Index) ParseDevice(string name)
    {
        if (name == "cpu") return (DeviceType.CPU, 0);
        if (name == "cuda") return (DeviceType.CUDA, 0);
        if (name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return (DeviceType.CUDA, index);
        throw new ArgumentException($"device is '{name}'; expected cpu, cuda or cuda:N", nameof(name));
    }
}
