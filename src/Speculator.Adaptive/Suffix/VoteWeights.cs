using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// How much an occurrence's vote counts against the others': by the fourth power of its match's length, so that a long match is not outvoted
/// by a crowd of short ones; less for every newer occurrence on the same chain; more in the request's own text. Only ratios matter; what a
/// vote is worth as a probability is <see cref="AcceptanceEstimate"/>'s business.
/// </summary>
internal static class VoteWeights
{
    private const float OwnText = 20f;
    private const float Recency = 0.8f;

    private static readonly float[] Lengths = [.. Enumerable.Range(0, SuffixStore.LongestMatch + 1).Select(n => (float)n * n * n * n)];
    private static readonly float[] Ranks = [.. Enumerable.Range(0, MatchSet.MostMatches).Select(n => MathF.Pow(Recency, n))];

    /// <summary>The weight of one vote.</summary>
    /// <param name="length">Tokens of the match.</param>
    /// <param name="rank">Newer occurrences on the chain it was found on.</param>
    /// <param name="own">Whether it is in the request's own text.</param>
    public static float Of(int length, int rank, bool own) => Lengths[length] * Ranks[rank] * (own ? OwnText : 1f);
}
