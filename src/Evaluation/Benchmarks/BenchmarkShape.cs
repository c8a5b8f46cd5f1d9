using Atlas.Modeling;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>The shape of the decoder that is measured; the default is 206 M parameters, whose weights no CPU cache holds.</summary>
public sealed record BenchmarkShape
{
    /// <summary>Transformer blocks.</summary>
    public int Layers { get; init; } = 16;

    /// <summary>Width of the residual stream.</summary>
    public int Width { get; init; } = 1024;

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 16;

    /// <summary>Key/value heads.</summary>
    public int KvHeads { get; init; } = 8;

    /// <summary>Width of the feed-forward layer.</summary>
    public int FeedForward { get; init; } = 2816;

    /// <summary>Token ids.</summary>
    public int Vocabulary { get; init; } = 8192;

    /// <summary>Tokens in the cache while decoding is measured.</summary>
    public int Context { get; init; } = 256;

    /// <summary>Elements of all matrices, in double: sizes that no machine holds do not overflow.</summary>
    public double Weights =>
        Layers * ((double)Width * Width * 2 + 2.0 * Width * KvHeads * (Width / Heads) + 3.0 * Width * FeedForward) + 2.0 * Vocabulary * Width;

    /// <summary>Keys and values of one full context, in elements.</summary>
    public double CacheElements => 2.0 * Layers * KvHeads * (Width / Heads) * Context;

    /// <summary>The shape as a model configuration, with room behind <see cref="Context"/>.</summary>
    public ModelConfig ToConfig() => new()
    {
        ModelType = "llama",
        VocabularySize = Vocabulary,
        HiddenSize = Width,
        IntermediateSize = FeedForward,
        Layers = Layers,
        Heads = Heads,
        KvHeads = KvHeads,
        HeadDim = Width / Heads,
        ContextLength = Context + 1024,
    };
}
