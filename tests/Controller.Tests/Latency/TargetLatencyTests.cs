using Atlas.Controller.Latency;

namespace Atlas.Controller.Tests.Latency;

public sealed class TargetLatencyTests
{
    private static readonly LatencyProfile Profile = LatencyProfile.Of((1, 1.6e-3), (4, 1.9e-3), (8, 2.8e-3), (16, 5e-3));

    [Theory]
    [InlineData(1, 1.6e-3)]
    [InlineData(2, 1.7e-3)]
    [InlineData(8, 2.8e-3)]
    [InlineData(12, 3.9e-3)]
    [InlineData(24, 7.2e-3)]
    public void It_is_linear_between_what_was_measured_and_beyond(int rows, double seconds) =>
        Assert.Equal(seconds, new TargetLatency(Profile).Seconds(rows, 0), 9);

    [Fact]
    public void Context_adds_to_the_forward_and_to_every_row()
    {
        var latency = new TargetLatency(Profile with { Context = 100, PerContext = 1e-6, PerRowContext = 1e-7 });
        Assert.Equal(1.9e-3, latency.Seconds(4, 100), 9);
        Assert.Equal(1.9e-3 + 1e-3 + 4e-4, latency.Seconds(4, 1100), 9);
        Assert.Equal(0.1e-3 + 1e-4, latency.LeastRowSeconds(1, 1100), 9);
    }

    [Fact]
    public void It_follows_a_machine_that_becomes_slower_and_one_stall_hardly_moves_it()
    {
        var latency = new TargetLatency(Profile);
        latency.Observe(4, 0, 1.0);
        Assert.InRange(latency.Seconds(4, 0), 1.9e-3, 1.97e-3);
        for (int i = 0; i < 200; i++) latency.Observe(i % 2 == 0 ? 1 : 4, 0, 2 * (i % 2 == 0 ? 1.6e-3 : 1.9e-3));
        Assert.InRange(latency.Seconds(4, 0), 3.5e-3, 4.1e-3);
        Assert.InRange(latency.Seconds(1, 0), 3.0e-3, 3.4e-3);
    }

    [Fact]
    public void What_was_thought_dear_and_is_never_tried_is_thought_cheaper_by_and_by()
    {
        var latency = new TargetLatency(LatencyProfile.Of((1, 1.6e-3), (2, 1.6e-3), (3, 2.0e-3), (8, 9e-3)));
        for (int i = 0; i < 200; i++) latency.Observe(3, 0, 6e-3);
        Assert.InRange(latency.Seconds(3, 0), 4e-3, 6.1e-3);
        for (int i = 0; i < 5000; i++) latency.Observe(2, 0, 1.6e-3);
        Assert.InRange(latency.Seconds(3, 0), 1.85e-3, 2.3e-3);
        Assert.Equal(1.6e-3, latency.Seconds(2, 0), 6);
        // Only a little cheaper than it was measured: what is not tried for long is not thought free.
        Assert.InRange(latency.Seconds(8, 0), 6e-3, 9e-3);
        // A trial tells, whichever way.
        for (int i = 0; i < 200; i++) latency.Observe(3, 0, 1.8e-3);
        Assert.InRange(latency.Seconds(3, 0), 1.75e-3, 1.9e-3);
        for (int i = 0; i < 200; i++) latency.Observe(8, 0, 9e-3);
        Assert.InRange(latency.Seconds(8, 0), 8.5e-3, 9.2e-3);
    }

    [Fact]
    public void It_never_falls_with_rows_whatever_it_is_told()
    {
        var latency = new TargetLatency(Profile);
        var random = new Random(6);
        for (int i = 0; i < 3000; i++)
        {
            double seconds = (i % 7) switch { 0 => double.NaN, 1 => -1, 2 => double.PositiveInfinity, _ => Math.Exp(-9 + 5 * random.NextDouble()) };
            latency.Observe(random.Next(0, 40), random.Next(1000), seconds);
        }
        for (int rows = 1; rows < 40; rows++) Assert.True(latency.Seconds(rows, 0) <= latency.Seconds(rows + 1, 0) && latency.Seconds(rows, 0) > 0);
    }

    [Fact]
    public void Profiles_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TargetLatency(LatencyProfile.Of((1, 1e-3))));
        Assert.Throws<ArgumentException>(() => new TargetLatency(LatencyProfile.Of((2, 1e-3), (3, 1e-3))));
        Assert.Throws<ArgumentException>(() => new TargetLatency(LatencyProfile.Of((1, 1e-3), (1, 1e-3))));
        Assert.Throws<ArgumentException>(() => new TargetLatency(LatencyProfile.Of((1, 1e-3), (2, double.NaN))));
    }
}
