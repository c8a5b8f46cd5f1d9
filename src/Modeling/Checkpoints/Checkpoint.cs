namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// A Hugging Face checkpoint directory of the llama family, checked and open: configuration, memory-mapped weights, where the tokenizer
/// is. Opening reads headers only; weights come in as they are read. Safe to read from several threads; not to dispose of meanwhile.
/// </summary>
public sealed class Checkpoint : IWeightSource, IDisposable
{
    private readonly WeightFiles _weights;
    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> _tensors = [];
    private readonly Lazy<string> _fingerprint;

    private Checkpoint(string directory, ModelConfig config, WeightFiles weights)
    {
        Directory = directory;
        Config = config;
        _weights = weights;
        foreach (TensorShape tensor in DecoderTensors.Expected(config)) _tensors.Add(tensor.Name, weights.Tensors[tensor.Name]);
        _fingerprint = new Lazy<string>(() => Checkpoints.Fingerprint.Compute(config, weights));
    }

    /// <summary>The directory as it was given.</summary>
    public string Directory { get; }

    /// <summary>The model's shape.</summary>
    public ModelConfig Config { get; }

    /// <summary>The directory's <c>tokenizer.json</c>; null where it has none.</summary>
    public string? TokenizerPath =>
        File.Exists(Path.Combine(Directory, CheckpointFiles.Tokenizer)) ? Path.Combine(Directory, CheckpointFiles.Tokenizer) : null;

    /// <summary>Bytes of the model's weights as stored, each tensor counted once.</summary>
    public long WeightBytes => _tensors.Values.Sum(t => t.Entry.Bytes);

    /// <summary>
    /// 64 hexadecimal digits that identify configuration and weights: SHA-256 over the configuration, all tensor names, types and shapes,
    /// and their bytes; of tensors above 256 KiB 64 evenly spaced pages of 4 KiB stand for the whole. Computed when first asked for.
    /// </summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>The directory, as messages name it.</summary>
    public string Description => Directory;

    /// <summary>Opens a checkpoint directory.</summary>
    /// <exception cref="CheckpointException">Something in it is wrong or not supported; the message names the first such thing.</exception>
    public static Checkpoint Open(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var faults = new FaultList();
        (ModelConfig? config, WeightFiles? weights) = CheckpointReader.Read(directory, faults);
        if (faults.Count > 0) weights?.Dispose();
        faults.ThrowIfAny();
        return new Checkpoint(directory, config!, weights!);
    }

    /// <summary>Whether the configuration asks for a tensor of that name (others that a file may hold are not shown).</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Describe(string name) => Owner(name).Describe(name);

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) => Owner(name).Read(name, destination);

    /// <inheritdoc/>
    public void ReadRows(string name, int firstRow, Span<float> destination) => Owner(name).ReadRows(name, firstRow, destination);

    /// <summary>Unmaps the weight files.</summary>
    public void Dispose() => _weights.Dispose();

    private SafetensorsFile Owner(string name) => _tensors.TryGetValue(name, out var tensor)
        ? tensor.File
        : throw new CheckpointException($"{FaultList.OneLine(Directory, 400)}: no tensor {FaultList.Quote(name)}");
}
