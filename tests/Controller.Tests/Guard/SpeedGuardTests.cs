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

    [Fact]
    public void Learning_that_costs_more_than_speculation_gains_is_spared_and_speculation_goes_on()
    {
        var guard = new SpeedGuard(Options);
        Assert.True(guard.AffordsLearning);
        int full = Learned(guard, 4000, gain: 1.03, learning: 0.07);
        Assert.Equal((GuardState.Open, 0L), (guard.State, guard.Stops));
        // Pauses of 8, 16, 32 and then 64 steps between windows of at least 10 steps in which learning is tried again.
        Assert.InRange(guard.Sparings, 4000 / (64 + 12), 4000 / (64 + 8) + 6);
        Assert.InRange(full, 10 * guard.Sparings, 12 * guard.Sparings + 10);
    }

    [Fact]
    public void Learning_that_pays_is_never_spared()
    {
        var guard = new SpeedGuard(Options);
        Assert.Equal(2000, Learned(guard, 2000, gain: 1.2, learning: 0.07));
        Assert.Equal(0, guard.Sparings);
        Assert.Equal(1.2 / 1.07, guard.Gain, 0.01);
    }

    [Fact]
    public void A_closed_guard_affords_no_learning_and_drift_gives_it_another_chance()
    {
        var guard = new SpeedGuard(Options);
        Learned(guard, 10, gain: 0.9, learning: 0.07);
        Assert.Equal((GuardState.Closed, false), (guard.State, guard.AffordsLearning));
        Learned(guard, 400, gain: 1.03, learning: 0.07);
        Assert.True(guard.Sparings > 0);
        while (guard.AffordsLearning) Learned(guard, 1, gain: 1.03, learning: 0.07);
        guard.Reconsider();
        while (guard.State == GuardState.Probing) Speculated(guard, 1, gain: 1.03);
        Assert.True(guard.AffordsLearning);
    }

    // Steps in which learning took its full share.
    private static int Learned(SpeedGuard guard, int steps, double gain, double learning)
    {
        int count = 0;
        for (int i = 0; i < steps; i++)
        {
            if (guard.AffordsLearning)
            {
                count++;
                guard.Learn(learning);
            }
            if (guard.Allows()) guard.Add(gain, 1);
        }
        return count;
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
