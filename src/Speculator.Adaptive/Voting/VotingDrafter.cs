using System.Numerics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Speculator.Adaptive.Voting;

/// <summary>
/// Turns occurrences into a draft: each votes for the token that followed it, and goes on voting below that token only. Nodes are taken best
/// path first. Reused; allocates nothing. Not thread-safe.
/// </summary>
/// <param name="vocabularySize">Ids that may be drafted: 0 to this less one.</param>
/// <param name="minPathConfidence">A path ends where the product of its confidences falls below this.</param>
internal sealed class VotingDrafter(int vocabularySize, float minPathConfidence)
{
    private readonly float[] _weights = new float[MatchSet.MostMatches];
    private readonly PermittedTokens _permitted = new(vocabularySize);
    private Candidate[] _frontier = new Candidate[64];
    private int _count;
    private int _branches;

    /// <summary>Fills the sequence's draft within its budget.</summary>
    /// <param name="sequence">Its draft is empty.</param>
    /// <param name="matches">The occurrences.</param>
    /// <param name="evidence">What their votes are worth.</param>
    public void Draft(DecodeSequence sequence, MatchSet matches, IVoteEvidence evidence)
    {
        if (matches.Count == 0) return;
        for (int match = 0; match < matches.Count; match++)
            _weights[match] = evidence.Weight(match);
        _permitted.Begin(sequence);
        _count = 0;
        var budget = sequence.Budget;
        // Classical rejection sampling verifies chains.
        _branches = sequence.DraftProbabilities is null ? budget.Branches : 1;
        int nodes = Math.Min(budget.Nodes, sequence.Draft.Capacity);
        uint all = uint.MaxValue >> (MatchSet.MostMatches - matches.Count);
        Expand(sequence, matches, evidence, new Candidate(DraftTree.Root, 0, all, 1f, 1f, 0));
        while (sequence.Draft.Count < nodes && _count > 0)
        {
            var best = TakeBest();
            int node = sequence.Draft.Add(best.Token, best.Parent, best.Confidence);
            if (best.Depth < budget.Depth && !_permitted.Ends(best.Token)) Expand(sequence, matches, evidence, best with { Parent = node });
        }
    }

    // Puts the tokens that may follow a node into the frontier, at most as many as a node may have children.
    private void Expand(DecodeSequence sequence, MatchSet matches, IVoteEvidence evidence, in Candidate node)
    {
        int depth = node.Depth;
        if (depth >= matches.Depth) return;
        var tokens = matches.Row(depth);
        uint voters = node.Matches & ~MatchLanes.EqualTo(tokens, MatchSet.None);
        if (voters == 0 || !evidence.ReachesTo(voters, depth)) return;
        float all = MatchLanes.Sum(_weights, voters);
        _permitted.At(sequence, node.Parent);
        int first = _count;
        for (uint rest = voters; rest != 0;)
        {
            int token = tokens[BitOperations.TrailingZeroCount(rest)];
            uint same = MatchLanes.EqualTo(tokens, token) & rest;
            rest &= ~same;
            float share = rest == 0 && same == voters ? 1f : MatchLanes.Sum(_weights, same) / all;
            float confidence = evidence.Confidence(same, depth, share);
            float path = node.Path * confidence;
            if (path >= minPathConfidence && _permitted.Allows(sequence, token))
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
