using Atlas.Host.Demo;

namespace Atlas.Host.Tests.Demo;

/// <summary>When a phase of the demonstration is over.</summary>
public sealed class DemoPlanTests
{
    private static readonly DemoPlan Timed = new() { Duration = TimeSpan.FromSeconds(40), MaxTokens = 1 };

    [Theory]
    [InlineData(0, 100, 9.9, false)]
    [InlineData(0, 100, 10, true)]
    [InlineData(2, 100, 29.9, false)]
    [InlineData(3, 100, 40, true)]
    [InlineData(3, DemoPlan.LeastRequests - 1, 500, false)]
    public void Time_is_shared_out_evenly_but_every_phase_has_some_requests(int phase, int served, double seconds, bool over) =>
        Assert.Equal(over, Timed.IsOver(phase, 4, served, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(2, 500, false)]
    [InlineData(3, 0, true)]
    public void A_number_of_requests_goes_before_time(int served, double seconds, bool over) =>
        Assert.Equal(over, (Timed with { Requests = 3 }).IsOver(0, 4, served, TimeSpan.FromSeconds(seconds)));
}
