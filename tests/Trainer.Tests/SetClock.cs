namespace Atlas.Trainer.Tests;

/// <summary>A clock that goes on when it is told to, and knows no time of day: whoever asks for one fails.</summary>
internal sealed class SetClock : TimeProvider
{
    private long _now = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time) => _now += time.Ticks;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("somebody asked for the time of day");
}
