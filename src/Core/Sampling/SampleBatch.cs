namespace Atlas.Core.Sampling;

/// <summary>The tokens to be drawn from one forward, and the draft tokens on their paths, in one flat buffer.</summary>
public readonly ref struct SampleBatch(ReadOnlySpan<SampleSpec> specs, ReadOnlySpan<int> pathTokens)
{
    /// <summary>One entry per token to draw.</summary>
    public ReadOnlySpan<SampleSpec> Specs { get; } = specs;

    /// <summary>Draft tokens that the specs' paths point into.</summary>
    public ReadOnlySpan<int> PathTokens { get; } = pathTokens;

    /// <summary>The draft tokens between the sequence's last token and the spec's row.</summary>
    public ReadOnlySpan<int> Path(in SampleSpec spec) => PathTokens.Slice(spec.PathOffset, spec.PathLength);
}
