namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>
/// How probable it is that a draft token is accepted, from the occurrences that propose it: a logistic regression over the length of their
/// match, their number in the request's own text and in the namespace's, and their share of the votes. Fitted once, on recorded Python code,
/// the workloads and code edits together (docs/suffix.md); what differs from traffic to traffic is the controller's calibration to find.
/// </summary>
internal static class AcceptanceEstimate
{
    private const int MostCounted = 2 * SuffixStore.LongestMatch;

    private static readonly float[] Logarithms = [.. Enumerable.Range(0, MostCounted + 1).Select(n => n == 0 ? 0f : MathF.Log(n))];

    /// <summary>The probability, between 0 and 1.</summary>
    /// <param name="length">Longest match of the occurrences, the draft tokens before this one included.</param>
    /// <param name="own">Occurrences in the request's own text.</param>
    /// <param name="foreign">Occurrences in other texts of the namespace.</param>
    /// <param name="share">Their share of the votes at this node; 1 where all agree.</param>
    public static float Of(int length, int own, int foreign, float share)
    {
        float logLength = Logarithms[Math.Min(length, MostCounted)];
        float logit = -1.444f + (0.362f * logLength) + (0.572f * Logarithms[1 + own]) + (0.769f * Logarithms[1 + foreign]);
        if (own > 0) logit += 0.243f;
        if (foreign > 0) logit -= 0.643f;
        if (share > 0.999f) logit += 0.586f + (0.603f * logLength) + (0.8f * Logarithms[own + foreign]);
        else logit += 0.679f * MathF.Log(share);
        return 1f / (1f + MathF.Exp(-logit));
    }
}
