namespace Atlas.Modeling.Training;

/// <summary>
/// Shape of a learned speculator's head after EAGLE (arXiv 2401.15077): the state and the embedding of the next token, joined, go through
/// one gated feed-forward block to the next state; that goes through the target's own output rows, restricted to a hot vocabulary.
/// </summary>
public sealed record HeadConfig
{
    /// <summary>Width of the gated feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Most tokens the head can propose among; the rows of the target's output head that a draft token reads.</summary>
    public required int HotVocabularySize { get; init; }

    /// <summary>Most rows in one forward.</summary>
    public int MaxRows { get; init; } = 64;
}
