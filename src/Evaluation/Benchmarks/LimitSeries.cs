using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>The device's limits, measured anew in every round: each is the best of all probe passes of that round.</summary>
/// <param name="rounds">Limits in the order of rounds.</param>
public sealed class LimitSeries(IReadOnlyList<DeviceLimits> rounds)
{
    /// <summary>Read bandwidth in GB/s.</summary>
    public RoundSeries ReadGigabytesPerSecond { get; } = new(rounds.Select(limits => limits.ReadGigabytesPerSecond));

    /// <summary>Multiply-add peak in GFLOP/s.</summary>
    public RoundSeries MultiplyAddGigaflops { get; } = new(rounds.Select(limits => limits.MultiplyAddGigaflops));

    /// <summary>The medians.</summary>
    public DeviceLimits Median => new(ReadGigabytesPerSecond.Median, MultiplyAddGigaflops.Median);

    /// <summary>What a function of the limits gives in each round.</summary>
    public RoundSeries Select(Func<DeviceLimits, double> figure) => new(rounds.Select(figure));
}
