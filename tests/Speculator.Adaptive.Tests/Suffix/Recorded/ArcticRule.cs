using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Speculator.Adaptive.Tests.Suffix.Recorded;

/// <summary>
/// The drafting rule of ArcticInference's suffix decoding, over plain lists of occurrences: for every length at which the context matches, in
/// the request's own text and in the outputs of all requests, follow the most frequent continuation; of all these paths take the one whose
/// probabilities, multiplied along the path, add up to most, the longer match where two are equal, and the request's own text where the
/// stores are.
/// </summary>
/// <param name="perMatched">Draft tokens for each matched token.</param>
/// <param name="minProbability">A path ends where its probability falls below this.</param>
internal sealed class ArcticRule(double perMatched, double minProbability) : ISpeculator
{
    /// <summary>Match and draft together are no longer than the tree is deep.</summary>
    private const int TreeDepth = 64;

    private readonly Dictionary<string, OccurrenceLists> _shared = [];
    private readonly Dictionary<long, (OccurrenceLists Own, int SharedText, int Fed)> _slots = [];

    public string Name => "arctic";

    public void Propose(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch)
        {
            var (own, shared) = Feed(sequence);
            var (mine, others) = (BestPath(own, sequence), BestPath(shared, sequence));
            var best = mine.Score >= others.Score ? mine : others;
            int parent = DraftTree.Root;
            foreach (int token in best.Tokens) parent = sequence.Draft.Add(token, parent, 1f);
        }
    }

    public void Release(DecodeSequence sequence)
    {
        Feed(sequence);
        _slots.Remove(sequence.Id);
    }

    // The prompt goes to the request's own text only, as there.
    private (OccurrenceLists Own, OccurrenceLists Shared) Feed(DecodeSequence sequence)
    {
        if (!_shared.TryGetValue(sequence.Namespace, out var shared)) _shared.Add(sequence.Namespace, shared = new OccurrenceLists());
        if (!_slots.TryGetValue(sequence.Id, out var slot))
        {
            slot = (new OccurrenceLists(), shared.Open(), 0);
            slot.Own.Open();
        }
        for (; slot.Fed < sequence.Length; slot.Fed++)
        {
            slot.Own.Append(0, sequence.Tokens[slot.Fed]);
            if (slot.Fed >= sequence.PromptLength) shared.Append(slot.SharedText, sequence.Tokens[slot.Fed]);
        }
        _slots[sequence.Id] = slot;
        return (slot.Own, shared);
    }

    private (double Score, List<int> Tokens) BestPath(OccurrenceLists store, DecodeSequence sequence)
    {
        (double Score, List<int> Tokens) best = (0, []);
        var context = sequence.Tokens[^Math.Min(sequence.Length, TreeDepth)..];
        var ends = store.Of(context[^1]);
        for (int match = 1; match < context.Length && ends.Count > 0; match++)
        {
            int most = Math.Min((int)(match * perMatched + 1e-6), Math.Min(sequence.Budget.Depth, TreeDepth - match));
            var path = Follow(store, ends, most);
            if (path.Score >= best.Score) best = path;
            int before = match < context.Length ? context[^(match + 1)] : -1;
            ends = ends.FindAll(at => store.Token(at.Text, at.Index - match) == before);
        }
        return best;
    }

    private (double Score, List<int> Tokens) Follow(OccurrenceLists store, List<(int Text, int Index)> ends, int most)
    {
        var tokens = new List<int>();
        double probability = 1, score = 0;
        while (tokens.Count < most)
        {
            int ahead = tokens.Count + 1;
            var next = ends.GroupBy(at => store.Token(at.Text, at.Index + ahead)).Where(g => g.Key >= 0).MaxBy(g => g.Count());
            if (next is null) break;
            // Occurrences at the very end of a text count too: nothing has followed them yet.
            probability *= (double)next.Count() / ends.Count;
            if (probability < minProbability) break;
            tokens.Add(next.Key);
            score += probability;
            ends = [.. next];
        }
        return (score, tokens);
    }
}
