using Atlas.Core.Numerics;

namespace Atlas.Core.Sampling;

/// <summary>
/// Draws tokens by the Gumbel-max trick with counter-based noise (Gumbel coupling, arXiv 2408.07978): target and draft models that warp
/// and perturb alike tend to draw the same token, and whoever draws it, the token is a pure function of seed, position, context and logits.
/// One per vocabulary and thread; allocates nothing.
/// </summary>
public sealed class CoupledSampler(int vocabularySize)
{
    private readonly LogitWarper _warper = new(vocabularySize);
    private readonly float[] _perturbed = new float[vocabularySize];
    private readonly (int Index, float Value)[] _best = new (int, float)[Math.Min(vocabularySize, MaxRanked)];

    /// <summary>Most tokens that one call ranks.</summary>
    public const int MaxRanked = 256;

    /// <summary>
    /// Writes the best tokens by warped logit plus noise into <paramref name="best"/>, best first, ties to the lowest id; token -1 where fewer
    /// remain.
    /// </summary>
    /// <param name="logits">One per id of <paramref name="ids"/>, or one per token where that is empty.</param>
    /// <param name="spec">Options, counts, position and mask.</param>
    /// <param name="path">Draft tokens before this position, which penalties count.</param>
    /// <param name="best">At most <see cref="MaxRanked"/> results.</param>
    /// <param name="ids">Full ids, ascending, where the logits cover a part of the vocabulary (a hot vocabulary).</param>
    /// <exception cref="InvalidOperationException">
    /// No token of the whole vocabulary can be drawn (all are masked, or the logits are not finite), and the position does not follow draft
    /// tokens.
    /// </exception>
    public void Draw(
        ReadOnlySpan<float> logits, in SampleSpec spec, ReadOnlySpan<int> path, Span<SampledToken> best, ReadOnlySpan<int> ids = default)
    {
        var scores = logits;
        if (!LogitWarper.IsIdentity(spec)) scores = _warper.Warp(logits, spec, path, ids);
        if (!spec.State.Options.IsGreedy) scores = Perturb(scores, GumbelNoise.Key(spec.State.Options.Seed, spec.Position), ids);
        Rank(logits, scores, best, ids);
        if (best[0].Token < 0 && ids.IsEmpty && !spec.BehindDraft) throw NothingToDraw(spec);
    }

    /// <summary>The most probable tokens by the logits alone, best first, ties to the lowest id; scores are the logits.</summary>
    public void Top(ReadOnlySpan<float> logits, Span<SampledToken> best, ReadOnlySpan<int> ids = default) => Rank(logits, logits, best, ids);

    /// <summary>
    /// The warped distribution that an independent draw at this spec follows: what classical rejection sampling calls p and q. All zero where
    /// no token is possible and that is no error.
    /// </summary>
    /// <param name="logits">One per id of <paramref name="ids"/>, or one per token where that is empty.</param>
    /// <param name="spec">Options, counts, position and mask.</param>
    /// <param name="path">Draft tokens before this position, which penalties count.</param>
    /// <param name="destination">One probability per token of the whole vocabulary.</param>
    /// <param name="ids">Full ids, ascending, where the logits cover a part of the vocabulary; other tokens get probability 0.</param>
    /// <exception cref="InvalidOperationException">
    /// No token of the whole vocabulary can be drawn (all are masked, or the logits are not finite), and the position does not follow draft
    /// tokens.
    /// </exception>
    public void Probabilities(
        ReadOnlySpan<float> logits, in SampleSpec spec, ReadOnlySpan<int> path, Span<float> destination, ReadOnlySpan<int> ids = default)
    {
        if (spec.State.Options.IsGreedy)
        {
            Span<SampledToken> best = stackalloc SampledToken[1];
            Draw(logits, spec, path, best, ids);
            destination.Clear();
            if (best[0].Token >= 0) destination[best[0].Token] = 1f;
            return;
        }
        var exponentials = ids.IsEmpty ? destination : _perturbed.AsSpan(0, ids.Length);
        _warper.Warp(logits, spec, path, ids).CopyTo(exponentials);
        VectorMath.ExpInPlace(exponentials, VectorMath.Max(exponentials));
        float sum = 0;
        foreach (float p in exponentials) sum += p;
        if (!(sum > 0))
        {
            if (ids.IsEmpty && !spec.BehindDraft) throw NothingToDraw(spec);
            destination.Clear();
            return;
        }
        for (int i = 0; i < exponentials.Length; i++) exponentials[i] /= sum;
        if (ids.IsEmpty) return;
        destination.Clear();
        for (int i = 0; i < ids.Length; i++) destination[ids[i]] = exponentials[i];
    }

    private static InvalidOperationException NothingToDraw(in SampleSpec spec) =>
        new($"no token can be drawn at position {spec.Position}: all are masked or the logits are not finite");

    private ReadOnlySpan<float> Perturb(ReadOnlySpan<float> warped, (uint, uint) key, ReadOnlySpan<int> ids)
    {
        var perturbed = _perturbed.AsSpan(0, warped.Length);
        warped.CopyTo(perturbed);
        if (ids.IsEmpty) GumbelNoise.AddTo(perturbed, key);
        else GumbelNoise.AddTo(perturbed, key, ids);
        return perturbed;
    }

    private void Rank(ReadOnlySpan<float> logits, ReadOnlySpan<float> scores, Span<SampledToken> best, ReadOnlySpan<int> ids)
    {
        int count = TopList.Select(scores, _best.AsSpan(0, Math.Min(best.Length, _best.Length)));
        float max = VectorMath.Max(logits);
        float logSum = max + MathF.Log(VectorMath.SumExp(logits, max));
        for (int i = 0; i < best.Length; i++)
        {
            if (i >= count)
            {
                best[i] = new SampledToken(-1, float.NegativeInfinity, float.NegativeInfinity);
                continue;
            }
            var (index, score) = _best[i];
            best[i] = new SampledToken(ids.IsEmpty ? index : ids[index], logits[index] - logSum, score);
        }
    }
}
