using Atlas.Controller.Drift;
using Xunit.Abstractions;

namespace Atlas.Controller.Tests.Drift;

public sealed class PageHinkleyTests(ITestOutputHelper output)
{
    [Fact]
    public void Sums_beyond_the_threshold_are_an_alarm_after_which_it_starts_anew()
    {
        var test = new PageHinkley(0.1, 1);
        for (int i = 0; i < 100; i++) Assert.False(test.Add(0.5));
        Assert.Equal(0.5, test.Mean, 9);
        // Each of these lies about 0.5 above the mean, less 0.1.
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => test.Add(1.0)));
        Assert.Equal(0, test.Mean);
        for (int i = 0; i < 100; i++) Assert.False(test.Add(1.0));
    }

    [Fact]
    public void Changes_within_the_slack_are_none()
    {
        var test = new PageHinkley(0.1, 1);
        for (int i = 0; i < 10_000; i++) Assert.False(test.Add(i < 5000 ? 0.5 : 0.59));
    }

    [Fact]
    public void Numbers_that_are_none_are_ignored()
    {
        var test = new PageHinkley(0.1, 1);
        test.Add(0.5);
        foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity }) Assert.False(test.Add(value));
        Assert.Equal(0.5, test.Mean);
    }

    [Fact]
    public void It_notices_changes_sooner_than_adwin_at_about_the_same_rate_of_false_alarms()
    {
        foreach (var (before, after) in new[] { (0.8, 0.3), (0.3, 0.8), (0.7, 0.5), (0.5, 0.65) })
        {
            var own = DriftComparison.PageHinkley(before, after);
            var adwin = DriftComparison.Adwin(before, after);
            output.WriteLine($"| {before} to {after} | {own.Delay:0} ({own.False:0.000}) | {adwin.Delay:0} ({adwin.False:0.000}) |");
            Assert.True(own.Delay < adwin.Delay, $"from {before} to {after}: {own.Delay} drafts against {adwin.Delay}");
            Assert.InRange(own.False, 0, 0.02);
        }
    }
}
