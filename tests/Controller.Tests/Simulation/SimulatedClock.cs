namespace Atlas.Controller.Tests.Simulation;

/// <summary>Time that passes only when told to.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private long _nanoseconds;

    public override long TimestampFrequency => 1_000_000_000;

    public double Seconds => _nanoseconds * 1e-9;

    public override long GetTimestamp() => _nanoseconds;

    public void Advance(double seconds) => _nanoseconds += (long)(seconds * 1e9);
}
