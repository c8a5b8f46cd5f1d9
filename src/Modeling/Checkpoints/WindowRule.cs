namespace Atlas.Modeling.Checkpoints;

/// <summary>Which layers of a family may have a sliding attention window.</summary>
internal enum WindowRule
{
    /// <summary>None (llama).</summary>
    Never,

    /// <summary>All, where <c>sliding_window</c> is not null (mistral).</summary>
    EveryLayer,

    /// <summary>By <c>layer_types</c>, or from <c>max_window_layers</c> on, where <c>use_sliding_window</c> is true (qwen2, qwen3).</summary>
    ByLayer,
}
