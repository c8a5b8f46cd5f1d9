namespace Atlas.Evaluation.Benchmarks;

/// <summary>Order statistics of what was measured: one of the values, never a mean of two. 0 where nothing was.</summary>
public static class Percentiles
{
    /// <summary>The value that half of them lie below.</summary>
    public static double Median(IReadOnlyCollection<double> values) => Of(values, 0.5);

    /// <summary>The value that this share of them lies below.</summary>
    /// <param name="values">In any order; left as they are.</param>
    /// <param name="share">0 to less than 1.</param>
    public static double Of(IReadOnlyCollection<double> values, double share)
    {
        if (share is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "expected 0 to less than 1");
        return values.Count == 0 ? 0 : values.Order().ElementAt((int)(values.Count * share));
    }
}
