using System.Numerics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// Turns occurrences into a draft: each votes for the token that followed it, and goes on voting below that token only. Nodes are taken best
/// path first. Reused; allocates nothing. Not thread-safe.
/// </summary>
internal sealed class SuffixDrafter
{
    private readonly SuffixOptions _options;
    private readonly float[] _weights = new float[MatchSet.MostMatches];
    private readonly PermittedTokens _permitted;
    private Candidate[] _frontier = new Candidate[64];
    private int _count;
    private uint _own;
    private int _branches;

    public SuffixDrafter(SuffixOptions options)
    {
        _options = options;
        _permitted = new PermittedTokens(options.VocabularySize);
    }

    /// <summary>Fills the sequence's draft within its budget.</summary>
    /// <param name="sequence">Its draft is empty.</param>
    /// <param name="matches">Occurrences of the sequence's last tokens.</param>
    /// <param name="own">How many of the first of them are in the sequence itself.</param>
    public void Draft(DecodeSequence sequence, MatchSet matches, int own)
    {
        if (matches.Count == 0) return;
        for (int match = 0; match < matches.Count; match++)
            _weights[match] = VoteWeights.Of(matches.Length(match), matches.Rank(match), match < own);
        _own = (uint)((1UL << own) - 1);
        _permitted.Begin(sequence);
        _count = 0;
        var budget = sequence.Budget;
        // Classical rejection sampling verifies chains.
        _branches = sequence.DraftProbabilities is null ? budget.Branches : 1;
        int nodes = Math.Min(budget.Nodes, sequence.Draft.Capacity);
        uint all = uint.MaxValue >> (MatchSet.MostMatches - matches.Count);
        Expand(sequence, matches, new Candidate(DraftTree.Root, 0, all, 1f, 1f, 0));
        while (sequence.Draft.Count < nodes && _count > 0)
        {
            var best = TakeBest();
            int node = sequence.Draft.Add(best.Token, best.Parent, best.Confidence);
            if (best.Depth < budget.Depth && !_permitted.Ends(best.Token)) Expand(sequence, matches, best with { Parent = node });
        }
    }

    // Puts the tokens that may follow a node into the frontier, at most as many as a node may have children.
    private void Expand(DecodeSequence sequence, MatchSet matches, in Candidate node)
    {
        int depth = node.Depth;
        if (depth >= matches.Depth) return;
        var tokens = matches.Row(depth);
        uint voters = node.Matches & ~MatchLanes.EqualTo(tokens, TokenBlocks.Separator);
        if (voters == 0 || depth >= MatchLanes.Max(matches.Lengths, voters) * _options.DraftPerMatched + _options.DraftOffset) return;
        float all = MatchLanes.Sum(_weights, voters);
        _permitted.At(sequence, node.Parent);
        int first = _count;
        for (uint rest = voters; rest != 0;)
        {
            int token = tokens[BitOperations.TrailingZeroCount(rest)];
            uint same = MatchLanes.EqualTo(tokens, token) & rest;
            rest &= ~same;
            float share = rest == 0 && same == voters ? 1f : MatchLanes.Sum(_weights, same) / all;
            int own = BitOperations.PopCount(same & _own);
            float confidence = AcceptanceEstimate.Of(
                MatchLanes.Max(matches.Lengths, same) + depth, own, BitOperations.PopCount(same) - own, share);
            float path = node.Path * confidence;
            if (path >= _options.MinPathConfidence && _permitted.Allows(sequence, token))
                Offer(first, _branches, new Candidate(node.Parent, token, same, confidence, path, depth + 1));
        }
    }

    // Keeps the most confident siblings, which lie in the frontier from index first on.
    private void Offer(int first, int branches, in Candidate candidate)
    {
        if (_count - first < branches)
        {
            if (_count == _frontier.Length) Array.Resize(ref _frontier, _count * 2);
            _frontier[_count++] = candidate;
            return;
        }
        int worst = first;
        for (int i = first + 1; i < _count; i++)
            if (_frontier[i].Confidence < _frontier[worst].Confidence)
                worst = i;
        if (_frontier[worst].Confidence < candidate.Confidence) _frontier[worst] = candidate;
    }

    private Candidate TakeBest()
    {
        int best = 0;
        for (int i = 1; i < _count; i++)
            if (_frontier[i].Path > _frontier[best].Path)
                best = i;
        var taken = _frontier[best];
        _frontier[best] = _frontier[--_count];
        return taken;
    }

    private readonly record struct Candidate(int Parent, int Token, uint Matches, float Confidence, float Path, int Depth);
}
