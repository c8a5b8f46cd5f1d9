namespace Atlas.Modeling.Checkpoints;

/// <summary>Which attention projections of a family have biases.</summary>
internal enum BiasRule
{
    /// <summary>None (mistral).</summary>
    Never,

    /// <summary>q, k and v, whatever the configuration says (qwen2).</summary>
    QkvAlways,

    /// <summary>q, k, v and o where <c>attention_bias</c> is true (llama, qwen3).</summary>
    QkvAndOutputByKey,
}
