namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// Advantages of samples against those of the same prompt (GRPO, arXiv 2402.03300, section 4.1.2): reward less the group's mean, over the
/// group's standard deviation. A group whose rewards are all equal says nothing and gets zeros.
/// </summary>
public static class GroupAdvantages
{
    // Of a group whose rewards differ by rounding only.
    private const double LeastDeviation = 1e-6;

    /// <summary>The advantages of one group.</summary>
    /// <param name="rewards">Of all its samples.</param>
    /// <param name="advantages">As many; their mean is 0 and their mean square 1, or all are 0.</param>
    public static void Compute(ReadOnlySpan<double> rewards, Span<float> advantages)
    {
        if (rewards.IsEmpty || rewards.Length != advantages.Length)
            throw new ArgumentException($"{rewards.Length} rewards for {advantages.Length} advantages; expected as many, and at least 1", nameof(advantages));
        double mean = 0, square = 0;
        foreach (double reward in rewards) mean += reward / rewards.Length;
        foreach (double reward in rewards) square += (reward - mean) * (reward - mean) / rewards.Length;
        double deviation = Math.Sqrt(square);
        for (int i = 0; i < rewards.Length; i++) advantages[i] = deviation < LeastDeviation ? 0f : (float)((rewards[i] - mean) / deviation);
    }
}
