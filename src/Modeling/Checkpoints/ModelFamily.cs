namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// What the supported families do differently, and what transformers takes where a key of <c>config.json</c> is absent (the defaults of
/// LlamaConfig, MistralConfig, Qwen2Config and Qwen3Config). Embeddings are untied by default in all four, unlike in their base class.
/// </summary>
/// <param name="ModelType">Value of <c>model_type</c>.</param>
/// <param name="Architecture">The one entry that <c>architectures</c> may have.</param>
internal sealed record ModelFamily(string ModelType, string Architecture)
{
    /// <summary>Every family Atlas reads.</summary>
    public static readonly IReadOnlyList<ModelFamily> All =
    [
        new("llama", "LlamaForCausalLM")
        {
            Context = 2048, BeginToken = 1, EndToken = 2, AttentionBias = BiasRule.QkvAndOutputByKey, MlpBiasByKey = true,
        },
        new("mistral", "MistralForCausalLM")
        {
            Context = 131072, KvHeads = 8, BeginToken = 1, EndToken = 2, Windows = WindowRule.EveryLayer,
        },
        new("qwen2", "Qwen2ForCausalLM")
        {
            Context = 32768, KvHeads = 32, AttentionBias = BiasRule.QkvAlways, Windows = WindowRule.ByLayer,
        },
        new("qwen3", "Qwen3ForCausalLM")
        {
            Context = 32768, KvHeads = 32, HeadDim = 128, AttentionBias = BiasRule.QkvAndOutputByKey, QkNorm = true,
            Windows = WindowRule.ByLayer,
        },
    ];

    /// <summary>Context length where <c>max_position_embeddings</c> is absent.</summary>
    public required int Context { get; init; }

    /// <summary>Key/value heads where the key is absent; null: as many as query heads.</summary>
    public int? KvHeads { get; init; }

    /// <summary>Head width where the key is absent; null: hidden size over heads.</summary>
    public int? HeadDim { get; init; }

    /// <summary>Begin token where the key is absent.</summary>
    public int? BeginToken { get; init; }

    /// <summary>End token where the key is absent.</summary>
    public int? EndToken { get; init; }

    /// <summary>Which attention projections have biases.</summary>
    public BiasRule AttentionBias { get; init; }

    /// <summary>Whether <c>mlp_bias</c> is obeyed; elsewhere there is none.</summary>
    public bool MlpBiasByKey { get; init; }

    /// <summary>Whether queries and keys are normalised per head.</summary>
    public bool QkNorm { get; init; }

    /// <summary>Which layers may have a sliding window.</summary>
    public WindowRule Windows { get; init; }
}
