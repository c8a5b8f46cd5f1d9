using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

/// <summary>Steps of 1,000 ticks in which every sequence that is taken in costs so many.</summary>
public sealed class IntakeThinningTests
{
    [Theory]
    [InlineData(2, 4)]
    [InlineData(32, 4)]
    [InlineData(32, 20)]
    [InlineData(8, 100)]
    public void Taking_in_stays_within_its_share(int batch, int cost)
    {
        var thinning = new IntakeThinning(0.01);
        (long Spent, long Time) late = Run(thinning, batch, cost, steps: 40_000);
        double share = (double)late.Spent / late.Time, all = batch * cost / 1000.0;
        Assert.InRange(share, 0.4 * Math.Min(0.01, all), 1.6 * 0.01);
        if (all < 0.009) Assert.Equal(1, thinning.Part);
    }

    [Fact]
    public void With_the_whole_time_everything_is_taken_in()
    {
        var thinning = new IntakeThinning(1);
        Run(thinning, 8, 1000, steps: 4000);
        Assert.Equal(1, thinning.Part);
    }

    [Fact]
    public void Whole_sequences_are_passed_over_and_it_recovers_when_there_is_time_again()
    {
        var thinning = new IntakeThinning(0.01);
        Run(thinning, 32, 100, steps: 2000);
        Assert.InRange(thinning.Part, 0.001, 0.05);
        int taken = Enumerable.Range(0, 10_000).Count(id => thinning.Takes(id));
        Assert.InRange(taken / 10_000.0, 0.7 * thinning.Part, 1.3 * thinning.Part);
        for (int id = 0; id < 100; id++) Assert.Equal(thinning.Takes(id), thinning.Takes(id));
        thinning.Resume();
        Run(thinning, 1, 1, steps: 20_000);
        Assert.Equal(1, thinning.Part);
    }

    [Fact]
    public void What_is_allowed_holds_at_once_also_before_anything_was_measured()
    {
        var thinning = new IntakeThinning(0.01) { Allowed = 0.2 };
        Assert.Equal(0.2, thinning.Part);
        thinning.Allowed = 1;
        Assert.Equal(1, thinning.Part);
        Run(thinning, 8, 5, steps: 2000);
        double all = thinning.Part;
        thinning.Allowed = 0.25;
        Assert.Equal(all / 4, thinning.Part, 9);
    }

    [Fact]
    public void Rests_between_short_turns_are_no_time_that_taking_in_may_use()
    {
        var thinning = new IntakeThinning(0.01);
        (long Spent, long Time) late = Run(thinning, 1, 40, steps: 40_000, restEvery: 50);
        Assert.InRange((double)late.Spent / late.Time, 0.002, 1.6 * 0.01);
    }

    // What the second half of the steps spent, and took; rests are ten times as long as what they follow.
    private static (long Spent, long Time) Run(IntakeThinning thinning, int batch, int cost, int steps, int restEvery = int.MaxValue)
    {
        long now = 1, spent = 0;
        for (int step = 0; step < steps; step++)
        {
            now += 1000;
            if (step % restEvery == 0)
            {
                now += 500_000;
                thinning.Resume();
            }
            for (int i = 0; i < batch; i++)
            {
                // Sequences of a hundred steps.
                long ticks = thinning.Takes(step / 100 * batch + i) ? cost : 0;
                thinning.Count(ticks, now);
                if (2 * step >= steps) spent += ticks;
            }
        }
        return (spent, steps / 2 * 1000L);
    }
}
