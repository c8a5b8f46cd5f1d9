using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>How long a phase took, beside what it cannot avoid.</summary>
/// <param name="Rows">Rows that it computes.</param>
/// <param name="Work">What it cannot avoid.</param>
/// <param name="Seconds">By round: the median of the round's runs.</param>
public sealed record PhaseResult(int Rows, PhaseWork Work, RoundSeries Seconds)
{
    /// <summary>Rows per second, median.</summary>
    public double RowsPerSecond => Rows / Seconds.Median;

    /// <summary>
    /// Seconds that the device's limits allow at best, over those it took, each round by its own limits. Above 1 only where the data lay in
    /// a cache, or the probe missed the machine's best.
    /// </summary>
    public RoundSeries FractionOfLimit(LimitSeries limits) => limits.Select(Work.LeastSeconds).Over(Seconds);

    /// <summary>Bytes over time over measured bandwidth, each round by its own.</summary>
    public RoundSeries FractionOfBandwidth(LimitSeries limits) => limits.Select(Work.ReadSeconds).Over(Seconds);
}
