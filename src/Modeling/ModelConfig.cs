namespace Atlas.Modeling;

/// <summary>
/// The shape of a decoder-only transformer of the llama family (llama, mistral, qwen2, qwen3): pre-norm RMSNorm, rotary positions,
/// grouped-query attention, SwiGLU. Whatever a <c>config.json</c> says beyond this is refused when it is read, never ignored.
/// Immutable; safe to share between threads.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>The architecture's name in <c>config.json</c>: <c>llama</c>, <c>mistral</c>, <c>qwen2</c> or <c>qwen3</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Number of token ids the embedding and the output head know; ids are 0 to this less one.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer between gate/up and down projections.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of transformer blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads per layer.</summary>
    public required int Heads { get; init; }

    /// <summary>Key/value heads per layer; divides <see cref="Heads"/> (grouped-query attention, arXiv 2305.13245).</summary>
    public required int KvHeads { get; init; }

    /// <summary>Width of one head; even, because rotary positions turn pairs.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Most tokens a sequence may hold (<c>max_position_embeddings</c>).</summary>
    public required int ContextLength { get; init; }

    /// <summary>Added to the mean square inside every RMSNorm.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Rotary position embedding.</summary>
    public RopeConfig Rope { get; init; } = new();

    /// <summary>The output head is the embedding matrix; there is no <c>lm_head.weight</c>.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>The q, k and v projections have biases (qwen2; llama with <c>attention_bias</c>).</summary>
    public bool QkvBias { get; init; }

    /// <summary>The attention output projection has a bias (llama with <c>attention_bias</c>).</summary>
    public bool OutputBias { get; init; }

    /// <summary>The gate, up and down projections have biases (llama with <c>mlp_bias</c>).</summary>
    public bool MlpBias { get; init; }

    /// <summary>Queries and keys go through an RMSNorm over each head before rotation (qwen3).</summary>
    public bool QkNorm { get; init; }

    /// <summary>
    /// Per layer, how many positions a query sees, itself included (0: all). Empty when no layer has a window.
    /// </summary>
    public IReadOnlyList<int> LayerWindows { get; init; } = [];

    /// <summary>Ids after which generation ends by default; may be empty.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>Id that begins a sequence where the tokenizer's post-processor says nothing else; null when there is none.</summary>
    public int? BeginToken { get; init; }

    /// <summary>Query width of a layer: <see cref="Heads"/> x <see cref="HeadDim"/> (not always <see cref="HiddenSize"/>).</summary>
    public int QueryWidth => Heads * HeadDim;

    /// <summary>Key or value width of a layer: <see cref="KvHeads"/> x <see cref="HeadDim"/>.</summary>
    public int KvWidth => KvHeads * HeadDim;

    /// <summary>The attention window of layer <paramref name="layer"/>, itself included; 0 when it sees everything before it.</summary>
    public int Window(int layer) => LayerWindows.Count == 0 ? 0 : LayerWindows[layer];

    /// <summary>Number of parameters, counting a tied output head once.</summary>
    public long ParameterCount => DecoderTensors.Expected(this).Sum(t => t.Elements);
}
