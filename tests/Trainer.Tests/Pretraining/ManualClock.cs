namespace Atlas.Trainer.Tests.Pretraining;

/// <summary>A clock that advances by a fixed time whenever it is read.</summary>
public sealed class ManualClock(TimeSpan tick) : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now += tick.Ticks;
}
