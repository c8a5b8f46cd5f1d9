using System.Globalization;
using System.Text;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// The two ends of a model in a Hugging Face checkpoint directory, without the blocks between: embedding, final norm and output head, which is what a
/// learned speculator's head takes of its target. The blocks may be of any kind (quantized, a mixture of experts) and their shards may be missing. Read
/// as the weights of a decoder of no layers. Opening reads headers only; safe to read from several threads, not to dispose of meanwhile.
/// </summary>
public sealed class ModelEnds : IWeightSource, IDisposable
{
    private readonly WeightFiles _weights;
    private readonly Dictionary<string, SafetensorsFile> _owners = [];

    private ModelEnds(string directory, ModelConfig config, WeightFiles weights)
    {
        Directory = directory;
        Config = config;
        _weights = weights;
        foreach (TensorShape tensor in DecoderTensors.Expected(config)) _owners.Add(tensor.Name, weights.Tensors[tensor.Name].File);
        string sizes = string.Create(
            CultureInfo.InvariantCulture, $"ends {config.VocabularySize} {config.HiddenSize} {config.NormEpsilon:R} {config.TiedEmbeddings}");
        Fingerprint = Checkpoints.Fingerprint.Compute(config, Encoding.ASCII.GetBytes(sizes), weights);
    }

    /// <summary>The directory as it was given.</summary>
    public string Directory { get; }

    /// <summary>A decoder of no layers with the model's vocabulary and width; what concerns blocks alone says nothing of the model.</summary>
    public ModelConfig Config { get; }

    /// <summary>64 hexadecimal digits that identify the ends, of large tensors by evenly spaced pages. Another than that of the whole checkpoint.</summary>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public string Description => Directory;

    /// <summary>Opens the ends of a checkpoint.</summary>
    /// <exception cref="CheckpointException">Something that they need is missing or wrong; the message names the first such thing.</exception>
    public static ModelEnds Open(string directory)
    {
        var faults = new FaultList();
        var config = ReadConfig(directory, faults);
        faults.ThrowIfAny();
        WeightFiles? weights = null;
        try
        {
            weights = WeightFiles.Open(directory, faults, DecoderTensors.Expected(config!).Select(tensor => tensor.Name).ToHashSet());
            if (weights is not null) TensorCheck.CheckExpected(config!, directory, weights, faults);
            faults.ThrowIfAny();
            return new ModelEnds(directory, config!, weights!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            weights?.Dispose();
            throw new CheckpointException($"{FaultList.OneLine(directory, 400)}: cannot be read: {FaultList.OneLine(e.Message, 400)}");
        }
        catch
        {
            weights?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Contains(string name) => _owners.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Describe(string name) => Owner(name).Describe(name);

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) => Owner(name).Read(name, destination);

    /// <inheritdoc/>
    public void ReadRows(string name, int firstRow, Span<float> destination) => Owner(name).ReadRows(name, firstRow, destination);

    /// <summary>Unmaps the weight files.</summary>
    public void Dispose() => _weights.Dispose();

    // Whatever else the configuration says is about the blocks.
    private static ModelConfig? ReadConfig(string directory, FaultList faults)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            faults.Add(directory, "no such directory");
            return null;
        }
        string path = Path.Combine(directory, CheckpointFiles.Config);
        if (JsonFile.ReadObject(path, faults) is not { } json) return null;
        var keys = new JsonKeys(json, path, faults);
        return new ModelConfig
        {
            ModelType = "ends",
            VocabularySize = keys.RequiredInteger("vocab_size", 1, ConfigLimits.Vocabulary),
            HiddenSize = keys.RequiredInteger("hidden_size", 1, ConfigLimits.Width),
            NormEpsilon = (float)(keys.Number("rms_norm_eps", 1e-30, 1) ?? 1e-6),
            TiedEmbeddings = keys.Boolean("tie_word_embeddings") ?? false,
            IntermediateSize = 1,
            Layers = 0,
            Heads = 1,
            KvHeads = 1,
            HeadDim = 2,
            ContextLength = 1,
        };
    }

    private SafetensorsFile Owner(string name) => _owners.TryGetValue(name, out var file)
        ? file
        : throw new CheckpointException($"{FaultList.OneLine(Directory, 400)}: no tensor {FaultList.Quote(name)} at the model's ends");
}
