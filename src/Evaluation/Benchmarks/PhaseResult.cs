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
    /// Bytes over time over measured bandwidth, each round by its own. Above 1 only where a cache held part of the data, or the probe missed
    /// the machine's best.
    /// </summary>
    public RoundSeries FractionOfBandwidth(LimitSeries limits) => limits.Select(Work.ReadSeconds).Over(Seconds);

    /// <summary>Operations over time over the measured f32 multiply-add peak, each round by its own. Products of integers may exceed 1.</summary>
    public RoundSeries FractionOfPeak(LimitSeries limits) => limits.Select(Work.OperationSeconds).Over(Seconds);
}
