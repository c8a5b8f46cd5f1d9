namespace Atlas.Controller.Guard;

/// <summary>When speculation stops because plain decoding would have been faster, and how it comes back.</summary>
public sealed record GuardOptions
{
    /// <summary>Whether there is a guard at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Speculative steps after which an old one counts 1/e.</summary>
    public int Window { get; init; } = 64;

    /// <summary>Speculative steps to be seen before speculation is stopped.</summary>
    public int LeastSteps { get; init; } = 32;

    /// <summary>Plain decoding's time for the emitted tokens over the time they took; below this speculation stops.</summary>
    public double LeastGain { get; init; } = 1.0;

    /// <summary>Plain steps before the first probe; they double with every probe that fails.</summary>
    public int FirstPause { get; init; } = 32;

    /// <summary>Most plain steps between probes.</summary>
    public int LongestPause { get; init; } = 2048;

    /// <summary>Speculative steps of a probe.</summary>
    public int ProbeSteps { get; init; } = 8;
}
