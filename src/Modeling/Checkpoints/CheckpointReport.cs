using System.Globalization;

namespace Atlas.Modeling.Checkpoints;

/// <summary>What a checkpoint directory holds, and all that is wrong with it.</summary>
public sealed record CheckpointReport
{
    /// <summary>The directory as it was given.</summary>
    public required string Directory { get; init; }

    /// <summary>The model's shape; null where <c>config.json</c> has faults.</summary>
    public ModelConfig? Config { get; init; }

    /// <summary>Every tensor of the weight files that could be read, by name in ordinal order.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; init; } = [];

    /// <summary>Whether there is a <c>tokenizer.json</c>.</summary>
    public bool HasTokenizer { get; init; }

    /// <summary>As <see cref="Checkpoint.Fingerprint"/>; null where there are faults.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>One line each: file, key, what was found and expected. Empty where <see cref="Checkpoint.Open"/> succeeds and all weights
    /// are finite.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The facts for a reader, as label and text, as far as they are known.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Summary
    {
        get
        {
            var facts = new List<KeyValuePair<string, string>>();
            void Add(string label, string text) => facts.Add(new(label, text));
            if (Config is { } config) Describe(config, Add);
            if (Tensors.Count > 0)
            {
                int files = Tensors.Select(t => t.File).Distinct().Count();
                Add("weights", $"{Tensors.Count} tensors, {Number(Tensors.Sum(t => t.Bytes))} bytes in {files} file{(files == 1 ? "" : "s")}");
                Add("dtype", string.Join(", ", Tensors.GroupBy(t => t.Dtype).OrderByDescending(g => g.Sum(t => t.Bytes)).Select(g => g.Key)));
            }
            Add("tokenizer", HasTokenizer ? CheckpointFiles.Tokenizer : "none");
            if (Fingerprint is not null) Add("fingerprint", Fingerprint);
            return facts;
        }
    }

    private static void Describe(ModelConfig config, Action<string, string> add)
    {
        add("type", config.ModelType);
        add("parameters", Number(config.ParameterCount));
        add("vocabulary", Number(config.VocabularySize) + (config.TiedEmbeddings ? " (output head tied to the embedding)" : ""));
        add("context", Number(config.ContextLength));
        add("layers", Number(config.Layers));
        add("hidden", $"{config.HiddenSize}, feed-forward {config.IntermediateSize}");
        add("attention", $"{config.Heads} heads of {config.HeadDim}, {config.KvHeads} key/value heads{Extras(config)}");
        add("rope", Rope(config.Rope));
        int[] windows = [.. config.LayerWindows.Where(w => w > 0)];
        if (windows.Length > 0) add("sliding window", $"{string.Join(", ", windows.Distinct())} in {windows.Length} of {config.Layers} layers");
        add("end tokens", config.EndTokens.Count == 0 ? "none" : string.Join(", ", config.EndTokens));
    }

    private static string Extras(ModelConfig config) => string.Concat(
        config.QkNorm ? ", QK norm" : "",
        config.QkvBias ? config.OutputBias ? ", q/k/v/o bias" : ", q/k/v bias" : "",
        config.MlpBias ? ", feed-forward bias" : "");

    private static string Rope(RopeConfig rope) => rope.Scaling switch
    {
        RopeScaling.Linear => string.Create(CultureInfo.InvariantCulture, $"theta {rope.Theta:R}, linear scaling by {rope.Factor:R}"),
        RopeScaling.Llama3 => string.Create(CultureInfo.InvariantCulture,
            $"theta {rope.Theta:R}, llama3 scaling by {rope.Factor:R} from a context of {rope.OriginalContextLength}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"theta {rope.Theta:R}"),
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
