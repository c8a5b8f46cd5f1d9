using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Engine;

/// <summary>
/// The speculative step (Leviathan et al., arXiv 2211.17192; tree verification after SpecInfer, arXiv 2305.09781): plan, propose, select,
/// one target forward over all drafts of the batch, verify, truncate, observe. Whatever is drafted, the tokens that come out are those the target
/// draws. Used from one thread; a step allocates nothing.
/// </summary>
/// <param name="target">Whose text comes out.</param>
/// <param name="speculator">Who drafts.</param>
/// <param name="planner">How much is drafted, and what of it is verified.</param>
/// <param name="verifier">Which draft tokens stand.</param>
/// <param name="observer">Who hears of it; null for nobody.</param>
public sealed class SpeculativeDecoder(
    ITarget target, ISpeculator speculator, IPlanner planner, IVerifier verifier, IVerificationObserver? observer = null)
{
    private readonly int[] _path = new int[target.MaxDraftNodes];
    private readonly SampledToken[] _emitted = new SampledToken[target.MaxDraftNodes + 1];

    /// <summary>Advances every sequence of the batch by one target forward. None may have ended.</summary>
    public void Step(ReadOnlySpan<DecodeSequence> batch)
    {
        planner.Plan(batch);
        foreach (var sequence in batch) BeginDraft(sequence);
        speculator.Propose(batch);
        planner.Select(batch);
        target.Verify(batch);
        foreach (var sequence in batch)
            if (sequence.IsVerified)
                Settle(sequence);
    }

    /// <summary>Throws unless the target's context holds the sequence's prompt and all tokens it may emit.</summary>
    /// <exception cref="ArgumentException">It does not; the message says by how much.</exception>
    public void CheckFits(DecodeSequence sequence)
    {
        int most = sequence.PromptLength + sequence.Stop.MaxTokens;
        if (most <= target.ContextLength) return;
        throw new ArgumentException(
            $"sequence {sequence.Id}: a prompt of {sequence.PromptLength} tokens and up to {sequence.Stop.MaxTokens} more exceed "
            + $"the target's context of {target.ContextLength}", nameof(sequence));
    }

    /// <summary>Frees what target, speculator and planner hold for a sequence.</summary>
    public void Release(DecodeSequence sequence)
    {
        target.Release(sequence);
        speculator.Release(sequence);
        planner.Release(sequence);
    }

    private void BeginDraft(DecodeSequence sequence)
    {
        sequence.Draft.Clear();
        int nodes = Math.Min(target.MaxDraftNodes, sequence.Draft.Capacity);
        // One token always comes from the target itself, so a draft never needs the last remaining place.
        int depth = target.CanVerify(sequence) ? sequence.Remaining - 1 : 0;
        sequence.Budget = sequence.Budget.Limit(depth, nodes);
        sequence.Shares?.Limit(depth, nodes);
    }

    private void Settle(DecodeSequence sequence)
    {
        int accepted = verifier.Verify(sequence, _path, _emitted);
        int emitted = 0;
        while (emitted <= accepted && !sequence.Emit(_emitted[emitted++])) { }

        // The last emitted token is never in the target's cache: it is read in the next step. Behind an end nothing is kept or counted.
        var path = _path.AsSpan(0, Math.Min(accepted, emitted));
        target.Commit(sequence, path[..(emitted - 1)]);
        sequence.Statistics.AddStep(sequence.Draft, path.Length, emitted);
        observer?.OnVerified(sequence, path, emitted);
    }
}
