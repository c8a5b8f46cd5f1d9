using Atlas.Controller.Guard;

namespace Atlas.Controller.Tests.Guard;

public sealed class SpeedGuardTests
{
    private static readonly GuardOptions Options = new() { Window = 20, LeastSteps = 10, FirstPause = 8, LongestPause = 64, ProbeSteps = 4 };

    [Fact]
    public void What_pays_passes_for_ever()
    {
        var guard = new SpeedGuard(Options);
        Assert.Equal(1000, Speculated(guard, 1000, gain: 1.2));
        Assert.Equal((GuardState.Open, 0L), (guard.State, guard.Stops));
    }

    [Fact]
    public void What_does_not_pay_is_stopped_and_probed_ever_more_rarely()
    {
        var guard = new SpeedGuard(Options);
        Assert.Equal(10, Speculated(guard, 10, gain: 0.9));
        Assert.Equal(GuardState.Closed, guard.State);
        // Pauses of 8, 16, 32 and then 64 steps between probes of 4.
        int probes = Speculated(guard, 10_000, gain: 0.9);
        Assert.InRange(probes, 10_000 / 68 * 4, 10_000 / 60 * 4 + 12);
    }

    [Fact]
    public void It_opens_when_a_probe_pays_and_pauses_start_anew_later()
    {
        var guard = new SpeedGuard(Options);
        Speculated(guard, 500, gain: 0.9);
        Speculated(guard, 300, gain: 1.5);
        Assert.Equal(GuardState.Open, guard.State);
        while (guard.State == GuardState.Open) guard.Add(0.1, 1);
        int pause = 1;
        while (!guard.Allows()) pause++;
        Assert.Equal(8, pause);
    }

    [Fact]
    public void A_change_of_the_traffic_makes_a_closed_guard_probe_at_once()
    {
        var guard = new SpeedGuard(Options);
        Speculated(guard, 10, gain: 0.5);
        Assert.False(guard.Allows());
        guard.Reconsider();
        Assert.True(guard.Allows());
        Assert.Equal(GuardState.Probing, guard.State);
    }

    [Fact]
    public void Without_a_guard_everything_passes()
    {
        var guard = new SpeedGuard(Options with { Enabled = false });
        Assert.Equal(100, Speculated(guard, 100, gain: 0.1));
    }

    private static int Speculated(SpeedGuard guard, int steps, double gain)
    {
        int count = 0;
        for (int i = 0; i < steps; i++)
        {
            if (!guard.Allows()) continue;
            count++;
            guard.Add(gain, 1);
        }
        return count;
    }
}
