namespace Atlas.Controller.Tests.Drift;

/// <summary>The comparison with the Page-Hinkley test is fair only if this is ADWIN.</summary>
public sealed class AdaptiveWindowTests
{
    [Fact]
    public void Length_and_mean_are_those_of_the_numbers()
    {
        var window = new AdaptiveWindow();
        var random = new Random(10);
        double sum = 0;
        for (int i = 1; i <= 3000; i++)
        {
            double value = random.NextDouble();
            sum += value;
            if (window.Add(value)) return;
            Assert.Equal(i, window.Length);
            Assert.Equal(sum / i, window.Mean, 9);
        }
    }

    [Theory]
    [InlineData(0.8, 0.3)]
    [InlineData(0.2, 0.5)]
    [InlineData(0.6, 0.8)]
    public void A_change_is_noticed_and_what_was_before_is_dropped(double before, double after)
    {
        var window = new AdaptiveWindow();
        var random = new Random(11);
        for (int i = 0; i < 1000; i++) window.Add(random.NextDouble() < before ? 1 : 0);
        bool noticed = false;
        for (int i = 0; i < 1000; i++) noticed |= window.Add(random.NextDouble() < after ? 1 : 0);
        Assert.True(noticed);
        Assert.InRange(window.Mean, after - 0.06, after + 0.06);
    }

    [Fact]
    public void A_long_stationary_stream_raises_hardly_any_alarm()
    {
        var window = new AdaptiveWindow();
        var random = new Random(12);
        int alarms = 0;
        for (int i = 0; i < 30_000; i++)
            if (window.Add(random.NextDouble() < 0.6 ? 1 : 0))
                alarms++;
        Assert.InRange(alarms, 0, 3);
    }
}
