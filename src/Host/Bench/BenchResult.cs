using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Bench;

/// <summary>What <c>atlas bench</c> measured.</summary>
internal sealed record BenchResult
{
    public required EngineInfo Engine { get; init; }

    public required DeviceLimits Limits { get; init; }

    public required long Parameters { get; init; }

    public required WeightFormat Format { get; init; }

    /// <summary>Bytes that a plain step must read.</summary>
    public required double StepBytes { get; init; }

    /// <summary>Median seconds by rows in the step.</summary>
    public required IReadOnlyDictionary<int, double> StepSeconds { get; init; }

    public required double PrefillTokensPerSecond { get; init; }

    public required double AllocatedBytesPerStep { get; init; }

    public double DecodeTokensPerSecond => 1 / StepSeconds[1];

    /// <summary>Bytes of a plain step over its time, over measured bandwidth.</summary>
    public double DecodeBandwidthFraction => StepBytes / StepSeconds[1] / 1e9 / Limits.ReadGigabytesPerSecond;

    /// <summary>Operations of reading a prompt over their time, over the multiply-add peak.</summary>
    public double PrefillPeakFraction => 2.0 * Parameters * PrefillTokensPerSecond / 1e9 / Limits.MultiplyAddGigaflops;
}
