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

    /// <summary>
    /// How weights and output rows are kept for drafting; they learn in f32. What a draft token reads is
    /// (6 x hidden x intermediate + hidden x hot vocabulary) weights of this format.
    /// </summary>
    public WeightFormat DraftFormat { get; init; } = WeightFormat.BF16;

    /// <summary>Most rows in one forward.</summary>
    public int MaxRows { get; init; } = 64;
}
