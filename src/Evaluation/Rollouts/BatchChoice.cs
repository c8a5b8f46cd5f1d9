namespace Atlas.Evaluation.Rollouts;

/// <summary>Finds how many samples at once are best for plain decoding, so that speculation is not compared with a straw man.</summary>
public static class BatchChoice
{
    /// <summary>Draws the same samples at every size, the sizes in turn, after one round that warms up; returns the size that took least.</summary>
    /// <param name="plain">Plain decoding.</param>
    /// <param name="sizes">Sizes to try, 1 or more.</param>
    /// <param name="requests">What is drawn.</param>
    /// <param name="endTokens">Ids that end a sample.</param>
    /// <param name="nextId">Gives so many unused sequence ids, and returns the first.</param>
    public static int Measure(
        RolloutStrategy plain, IReadOnlyList<int> sizes, IReadOnlyList<RolloutRequest> requests, IReadOnlyList<int> endTokens, Func<int, long> nextId)
    {
        int[] tried = [.. sizes.Select(size => Math.Min(size, requests.Count)).Distinct()];
        if (tried.Length == 1) return tried[0];
        double[] least = [.. tried.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round < 2; round++)
            for (int i = 0; i < tried.Length; i++)
            {
                double seconds = new RolloutRunner(plain, tried[i], endTokens).Run(requests, nextId(requests.Count)).Totals.Seconds;
                if (round > 0) least[i] = seconds;
            }
        return tried[Array.IndexOf(least, least.Min())];
    }
}
