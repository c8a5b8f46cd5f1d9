using Atlas.Controller.Latency;

namespace Atlas.Controller.Tests.Latency;

public sealed class LatencyProfileTests
{
    [Fact]
    public void A_measured_profile_predicts_what_the_probe_says()
    {
        var latency = new TargetLatency(LatencyProfile.Measure(new CurveProbe()));
        foreach (var (rows, context) in new[] { (1, 64), (3, 64), (40, 64), (1, 1000), (7, 500), (20, 2000) })
            Assert.Equal(CurveProbe.Law(rows, context), latency.Seconds(rows, context), 6);
    }

    /// <summary>One row count meets a stall whenever it is measured; the others do not.</summary>
    private sealed class StalledProbe(int stalled) : ILatencyProbe
    {
        private readonly CurveProbe _inner = new();

        public int MaxRows => _inner.MaxRows;

        public int MaxContext => _inner.MaxContext;

        public double Seconds(int rows, int context) => _inner.Seconds(rows, context) + (rows == stalled ? 0.02 : 0);
    }

    [Fact]
    public void A_row_count_takes_no_longer_than_a_larger_one()
    {
        var profile = LatencyProfile.Measure(new StalledProbe(3));
        Assert.Equal(CurveProbe.Law(4, 64), new TargetLatency(profile).Seconds(3, 64), 6);
        Assert.Equal(CurveProbe.Law(5, 64), new TargetLatency(profile).Seconds(5, 64), 6);
    }
}
