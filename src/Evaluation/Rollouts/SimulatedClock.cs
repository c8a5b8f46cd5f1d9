namespace Atlas.Evaluation.Rollouts;

/// <summary>The time of a machine that is not there: it passes only where it is told to. Used from one thread.</summary>
public sealed class SimulatedClock : TimeProvider
{
    private const long Ticks = 1_000_000_000;

    private long _now;

    /// <inheritdoc/>
    public override long TimestampFrequency => Ticks;

    /// <inheritdoc/>
    public override long GetTimestamp() => _now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + GetElapsedTime(0);

    /// <summary>Lets so many seconds pass.</summary>
    public void Pass(double seconds) => _now += (long)Math.Round(seconds * Ticks);
}
