namespace Atlas.Core.Decoding;

/// <summary>
/// Decides, before drafting, how much each sequence of a batch may draft in the coming step, and after it which nodes of the drafts are
/// verified. Called from the decoding thread only.
/// </summary>
public interface IPlanner
{
    /// <summary>Sets the <see cref="DecodeSequence.Budget"/> (and <see cref="DecodeSequence.Shares"/>) of every sequence.</summary>
    void Plan(ReadOnlySpan<DecodeSequence> batch);

    /// <summary>Cuts from the drafts what is not to be verified.</summary>
    void Select(ReadOnlySpan<DecodeSequence> batch);

    /// <summary>Frees what the planner holds for a sequence.</summary>
    void Release(DecodeSequence sequence);
}
