namespace Atlas.Modeling.Engine;

/// <summary>Sizes that an engine preallocates for a decoder.</summary>
public sealed record DecoderOptions
{
    /// <summary>How matrices are kept.</summary>
    public WeightFormat Format { get; init; } = WeightFormat.BF16;

    /// <summary>Sequences that may be open at once.</summary>
    public int MaxSequences { get; init; } = 1;

    /// <summary>Most committed tokens per sequence; at most the model's context length. 0 takes that.</summary>
    public int ContextLength { get; init; }

    /// <summary>Most rows in one forward; longer prompts are read in chunks.</summary>
    public int MaxRows { get; init; } = 256;

    /// <summary>Most rows a sequence may hold uncommitted: a prompt chunk, or a draft tree and its root.</summary>
    public int MaxPending { get; init; } = 256;
}
