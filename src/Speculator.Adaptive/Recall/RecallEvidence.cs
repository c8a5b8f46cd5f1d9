using System.Numerics;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>
/// What positions of similar states are worth. The confidence is a logistic regression over how many agree, their share of the votes and, where
/// all do, the highest similarity; fitted once on what the reference target wrote in three domains (docs/recall.md). What differs from traffic
/// to traffic is the controller's calibration to find. Reused.
/// </summary>
internal sealed class RecallEvidence(RecallOptions options) : IVoteEvidence
{
    private const float Unanimous = 0.999f;

    private static readonly float[] Logarithms = [.. Enumerable.Range(0, MatchSet.MostMatches + 1).Select(n => n == 0 ? 0f : MathF.Log(n))];

    /// <summary>The matches' similarities, filled by the lookup.</summary>
    public float[] Similarity { get; } = new float[MatchSet.MostMatches];

    /// <inheritdoc/>
    public float Weight(int match) => MathF.Exp(options.Sharpness * (Similarity[match] - Similarity[0]));

    /// <summary>Always: a state knows nothing of how far it holds, and disagreement ends a draft soon enough.</summary>
    public bool ReachesTo(uint matches, int depth) => true;

    /// <inheritdoc/>
    public float Confidence(uint matches, int depth, float share)
    {
        // The first of them is the most similar.
        float similarity = Similarity[BitOperations.TrailingZeroCount(matches)], agreeing = Logarithms[BitOperations.PopCount(matches)];
        float logit = -0.821f - 0.426f * similarity + agreeing;
        if (share > Unanimous) logit += 0.718f + 1.083f * agreeing + 1.075f * similarity;
        else logit += 0.647f * MathF.Log(share);
        return 1f / (1f + MathF.Exp(-logit));
    }
}
