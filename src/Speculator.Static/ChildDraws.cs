using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Numerics;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Static;

/// <summary>
/// Draws the children of the nodes that one draft forward computed. Confidence is a token's share of the perturbed scores among the ranked
/// candidates: with two of them, the logistic function of the perturbed margin. Grows to the largest batch seen, then allocates nothing.
/// </summary>
internal sealed class ChildDraws(int candidates, int vocabularySize)
{
    private readonly List<(DecodeSequence Sequence, DraftSlot Slot, int Node)> _owners = [];
    private readonly CoupledSampler _independent = new(vocabularySize);
    private readonly float[] _logits = new float[vocabularySize];
    private SampleSpec[] _specs = new SampleSpec[16];
    private SampledToken[] _results = [];
    private int[] _pathTokens = new int[64];
    private int _pathLength;

    public void Clear()
    {
        _owners.Clear();
        _pathLength = 0;
    }

    /// <summary>Asks for the children of <paramref name="node"/>, whose logits are in <paramref name="row"/> of the plan.</summary>
    public void Add(DecodeSequence sequence, DraftSlot slot, int node, int row)
    {
        if (_owners.Count == _specs.Length) Array.Resize(ref _specs, _specs.Length * 2);
        _specs[_owners.Count] = Spec(sequence, slot.Tree, node, row);
        _owners.Add((sequence, slot, node));
    }

    /// <summary>Adds the children to the trees.</summary>
    public void Draw(IForwardResult result)
    {
        if (_owners.Count == 0) return;
        if (_results.Length < _specs.Length * candidates) _results = new SampledToken[_specs.Length * candidates];
        var specs = _specs.AsSpan(0, _owners.Count);
        result.TopPerturbed(new SampleBatch(specs, _pathTokens.AsSpan(0, _pathLength)), candidates, _results.AsSpan(0, specs.Length * candidates));
        for (int i = 0; i < _owners.Count; i++)
        {
            var (sequence, slot, node) = _owners[i];
            if (sequence.DraftProbabilities is { } distributions) DrawIndependently(sequence, slot.Tree, node, specs[i], result, distributions);
            else AddChildren(slot.Tree, node, _results.AsSpan(i * candidates, candidates), sequence.Budget.Branches);
        }
    }

    private static void AddChildren(CandidateTree tree, int node, ReadOnlySpan<SampledToken> ranked, int branches)
    {
        float sum = 0;
        foreach (var token in ranked)
            if (token.Token >= 0)
                sum += VectorMath.Exp(token.Score - ranked[0].Score);
        for (int i = 0; i < Math.Min(branches, ranked.Length) && ranked[i].Token >= 0; i++)
            tree.Add(ranked[i].Token, node, VectorMath.Exp(ranked[i].Score - ranked[0].Score) / sum);
    }

    // Classical rejection sampling wants a draw that is independent of the target's, and its distribution.
    private void DrawIndependently(
        DecodeSequence sequence, CandidateTree tree, int node, in SampleSpec spec, IForwardResult result, DraftDistributions distributions)
    {
        var q = distributions.Row((int)(spec.Position - sequence.Length));
        result.ReadLogits(spec.Row, _logits);
        _independent.Probabilities(_logits, spec, _pathTokens.AsSpan(spec.PathOffset, spec.PathLength), q);
        double uniform = CounterRandom.Uniform(spec.State.Options.Seed, spec.Position, CounterRandom.DraftStream);
        int token = RejectionSampler.Draw(q, uniform);
        tree.Add(token, node, q[token]);
    }

    private SampleSpec Spec(DecodeSequence sequence, CandidateTree tree, int node, int row)
    {
        var options = sequence.Sampling.Options;
        int depth = 0;
        for (int n = node; n != DraftTree.Root; n = tree.Parent(n)) depth++;
        if (!options.HasPenalties && options.Constraint is null) return new SampleSpec(row, sequence.Sampling, sequence.Length + depth);
        if (_pathLength + depth > _pathTokens.Length) Array.Resize(ref _pathTokens, (_pathLength + depth) * 2);
        var path = _pathTokens.AsSpan(_pathLength, depth);
        for (int n = node, i = depth - 1; i >= 0; i--, n = tree.Parent(n)) path[i] = tree.Token(n);
        var spec = new SampleSpec(row, sequence.Sampling, sequence.Length + depth, _pathLength, depth, options.Constraint?.Mask(sequence, path));
        _pathLength += depth;
        return spec;
    }
}
