namespace Atlas.Modeling.Checkpoints;

/// <summary>The files of a Hugging Face checkpoint directory, by their fixed names.</summary>
public static class CheckpointFiles
{
    /// <summary>The architecture and its sizes.</summary>
    public const string Config = "config.json";

    /// <summary>Generation defaults; only its begin and end tokens are read.</summary>
    public const string GenerationConfig = "generation_config.json";

    /// <summary>All weights in one file; takes precedence over <see cref="WeightIndex"/>, as in transformers.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>Which shard holds which tensor, where the weights are split over several files.</summary>
    public const string WeightIndex = "model.safetensors.index.json";

    /// <summary>The tokenizer, which the tokenizer reader opens.</summary>
    public const string Tokenizer = "tokenizer.json";

    /// <summary>A PEFT adapter's description; transformers would load another base model because of it, so it is refused.</summary>
    internal const string AdapterConfig = "adapter_config.json";
}
