using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Numerics;
using Atlas.Core.Sampling;
using Atlas.Modeling.Engine;

namespace Atlas.Modeling.Drafting;

/// <summary>
/// Draws the children of the nodes that one draft forward computed, with the target's own noise (Gumbel coupling, arXiv 2408.07978).
/// Confidence is a token's share of the perturbed scores among the ranked candidates: with two of them, the logistic function of the
/// perturbed margin. What a model says of all the tokens that it cannot name (token -1 with a finite score) counts among them. Grows to the largest batch seen, then allocates nothing.
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
    /// <param name="result">Of the draft model's forward.</param>
    /// <param name="ids">Full ids, ascending, where its logits cover a part of the vocabulary (a hot vocabulary).</param>
    public void Draw(IForwardResult result, ReadOnlySpan<int> ids = default)
    {
        if (_owners.Count == 0) return;
        int count = _specs.Count * candidates;
        if (_results.Length < count) _results = new SampledToken[count * 2];
        result.TopPerturbed(_specs.Batch, candidates, _results.AsSpan(0, count));
        for (int i = 0; i < _owners.Count; i++)
        {
            var (sequence, tree, node) = _owners[i];
            var ranked = _results.AsSpan(i * candidates, candidates);
            // A dead end: a constraint forbids all that could be drafted.
            if (ranked[0].Token < 0) continue;
            if (sequence.DraftProbabilities is not null) DrawIndependently(sequence, tree, node, _specs.Specs[i], result, ids);
            else AddChildren(tree, node, ranked, sequence.Budget);
        }
    }

    private static void AddChildren(CandidateTree tree, int node, ReadOnlySpan<SampledToken> ranked, DraftBudget budget)
    {
        float sum = 0;
        // What cannot be drafted counts too, where the model scores it; it has score minus infinity where it does not.
        foreach (var token in ranked)
            if (token.Score > float.NegativeInfinity)
                sum += VectorMath.Exp(token.Score - ranked[0].Score);
        for (int i = 0; i < Math.Min(budget.Branches, ranked.Length) && ranked[i].Token >= 0; i++)
            tree.Add(ranked[i].Token, node, VectorMath.Exp(ranked[i].Score - ranked[0].Score) / sum, budget.Gate);
    }

    // Classical rejection sampling wants a draw that is independent of the target's, and its distribution.
    private void DrawIndependently(
        DecodeSequence sequence, CandidateTree tree, int node, in SampleSpec spec, IForwardResult result, ReadOnlySpan<int> ids)
    {
        var q = sequence.DraftProbabilities!.Row((int)(spec.Position - sequence.Length));
        var logits = ids.IsEmpty ? _logits : _logits.AsSpan(0, ids.Length);
        result.ReadLogits(spec.Row, logits);
        _independent.Probabilities(logits, spec, _specs.Batch.Path(spec), q, ids);
        double uniform = CounterRandom.Uniform(spec.State.Options.Seed, spec.Position, CounterRandom.DraftStream);
        int token = RejectionSampler.Draw(q, uniform);
        tree.Add(token, node, q[token], sequence.Budget.Gate);
    }
}
