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
}
