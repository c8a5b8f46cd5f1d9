namespace Atlas.Core.Decoding;

/// <summary>
/// Who proposes draft tokens. Called from the decoding thread only. Nothing tells it what was accepted: it compares its own cache with
/// <see cref="DecodeSequence.Tokens"/> when it is next asked, so a refused draft costs it a truncation.
/// </summary>
public interface ISpeculator
{
    /// <summary>Such as <c>static</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Fills the draft of each sequence within its <see cref="DecodeSequence.Budget"/>; a budget of no depth leaves it empty. Drafts come in
    /// cleared.
    /// </summary>
    void Propose(ReadOnlySpan<DecodeSequence> batch);

    /// <summary>Frees what the speculator holds for a sequence.</summary>
    void Release(DecodeSequence sequence);
}
