namespace Atlas.Evaluation.Replay;

/// <summary>
/// The time of a replay without a model: real time, which drafting, planning and learning take, and on top of it the time that target forwards
/// would have taken. Used from one thread.
/// </summary>
/// <param name="real">Where real time is read.</param>
public sealed class ReplayClock(TimeProvider real) : TimeProvider
{
    private long _forwards;

    /// <inheritdoc/>
    public override long TimestampFrequency => real.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => real.GetTimestamp() + _forwards;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + TimeSpan.FromSeconds((double)_forwards / TimestampFrequency);

    /// <summary>Lets so many seconds of a target's work pass.</summary>
    public void Pass(double seconds) => _forwards += (long)(seconds * TimestampFrequency);
}
