using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Numerics;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Modeling.Drafting;

/// <summary>
/// Draws the children of the nodes that one draft forward computed, with the target's own noise (Gumbel coupling, arXiv 2408.07978). Confidence is a token's share of the perturbed scores among the ranked
/// candidates: with two of them, the logistic function of the perturbed margin. Grows to the largest batch seen, then allocates nothing.
/// </summary>
/// <param name="candidates">Tokens ranked per node, 2 to <see cref="CoupledSampler.MaxRanked"/>.</param>
/// <param name="vocabularySize">Full vocabulary.</param>
public sealed class ChildDraws(int candidates, int vocabularySize)
{
    private readonly List<(DecodeSequence Sequence, CandidateTree Tree, int Node)> _owners = [];
    private readonly CoupledSampler _independent = new(vocabularySize);
    private readonly float[] _logits = new float[vocabularySize];
    private readonly SampleSpecList _specs = new();
    private int[] _path = new int[16];
    private SampledToken[] _results = [];

    /// <summary>Forgets what was asked for.</summary>
    public void Clear()
    {
        _owners.Clear();
        _specs.Clear();
    }

    /// <summary>Asks for the children of <paramref name="node"/>, whose logits are in <paramref name="row"/> of the plan.</summary>
    public void Add(DecodeSequence sequence, CandidateTree tree, int node, int row)
    {
        if (_path.Length < sequence.Draft.Capacity) _path = new int[sequence.Draft.Capacity];
        _specs.Add(sequence, row, _path.AsSpan(0, tree.PathTokens(node, _path)));
        _owners.Add((sequence, tree, node));
    }

    /// <summary>Adds the children to the trees.</summary>
    public void Draw(IForwardResult result)
    {
        if (_owners.Count == 0) return;
        int count = _specs.Count * candidates;
        if (_results.Length < count) _results = new SampledToken[count * 2];
        result.TopPerturbed(_specs.Batch, candidates, _results.AsSpan(0, count));
        for (int i = 0; i < _owners.Count; i++)
        {
            var (sequence, tree, node) = _owners[i];
            if (sequence.DraftProbabilities is { } distributions) DrawIndependently(sequence, tree, node, _specs.Specs[i], result, distributions);
            else AddChildren(tree, node, _results.AsSpan(i * candidates, candidates), sequence.Budget.Branches);
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
        _independent.Probabilities(_logits, spec, _specs.Batch.Path(spec), q);
        double uniform = CounterRandom.Uniform(spec.State.Options.Seed, spec.Position, CounterRandom.DraftStream);
        int token = RejectionSampler.Draw(q, uniform);
        tree.Add(token, node, q[token]);
    }
}
