using System.Numerics;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>What occurrences of the same text are worth: by the length of the match, how new it is, and whose text it is in. Reused.</summary>
internal sealed class SuffixEvidence(SuffixOptions options) : IVoteEvidence
{
    private MatchSet _matches = new(0);
    private uint _own;

    /// <summary>Turns to the occurrences of a lookup.</summary>
    /// <param name="matches">The occurrences.</param>
    /// <param name="own">How many of the first of them are in the sequence itself.</param>
    public void Begin(MatchSet matches, int own) => (_matches, _own) = (matches, (uint)((1UL << own) - 1));

    /// <inheritdoc/>
    public float Weight(int match) => VoteWeights.Of(_matches.Length(match), _matches.Rank(match), (_own >> match & 1) != 0);

    /// <inheritdoc/>
    public bool ReachesTo(uint matches, int depth) =>
        depth < MatchLanes.Max(_matches.Lengths, matches) * options.DraftPerMatched + options.DraftOffset;

    /// <inheritdoc/>
    public float Confidence(uint matches, int depth, float share)
    {
        int own = BitOperations.PopCount(matches & _own);
        return AcceptanceEstimate.Of(MatchLanes.Max(_matches.Lengths, matches) + depth, own, BitOperations.PopCount(matches) - own, share);
    }
}
