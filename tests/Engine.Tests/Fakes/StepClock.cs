namespace Atlas.Engine.Tests.Fakes;

/// <summary>A clock that moves a fixed time with every look at it.</summary>
internal sealed class StepClock(long nanoseconds) : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => _now += nanoseconds;
}
