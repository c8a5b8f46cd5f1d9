using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Rollouts;

namespace Atlas.Evaluation.Tests.PolicyGradient;

/// <summary>Figures of runs that were made up so that they can be worked out by hand.</summary>
public sealed class PolicyFiguresTests
{
    [Fact]
    public void Speedups_are_ratios_of_totals_and_Amdahls_limit_is_what_free_rollouts_would_bring()
    {
        // Plain 4 + 8, atlas 2 + 2, everything else 3 a step.
        var figures = Figures([Step(0, 4, 2), Step(1, 8, 2)]);
        Assert.Equal(3, figures.RolloutSpeedup("atlas"), 1e-9);
        Assert.Equal(18.0 / 10, figures.EndToEndSpeedup("atlas"), 1e-9);
        Assert.Equal(18.0 / 6, figures.AmdahlLimit, 1e-9);
        Assert.Equal(1, figures.RolloutSpeedup("plain"));
        Assert.Equal(0.25, figures.LearningShare("atlas"), 1e-9);
        Assert.True(figures.RewardsIdentical);
    }

    [Fact]
    public void Speedup_by_live_samples_compares_goodput()
    {
        // Up to 2: plain 10 tokens in 2 s, atlas 12 in 1; up to 4 plain alone.
        var step = Step(0, 4, 2);
        step.Strategies[0].Totals.ByLive = [Live(2, 10, 2), Live(4, 5, 1)];
        step.Strategies[1].Totals.ByLive = [Live(2, 12, 1)];
        Assert.Equal([(2, 2.4)], Figures([step]).SpeedupByLive("atlas"));
    }

    [Fact]
    public void Late_acceptance_is_compared_with_early_after_the_warm_up()
    {
        // 22 steps less 2 leave tenths of 2: rates 0.5 early and 0.75 late.
        var steps = Enumerable.Range(0, 22).Select(i => Step(i, 1, 1, accepted: i < 2 ? 0 : i < 10 ? 50 : 75)).ToList();
        var figures = new PolicyFigures(State(steps), 2);
        Assert.Equal(1.5, figures.LateOverEarlyRate("atlas"), 1e-9);
        Assert.Equal(double.NaN, figures.LateOverEarlyRate("plain"));
        Assert.Equal(0.75, figures.AcceptanceRates("atlas")[^1]);
    }

    [Fact]
    public void Rewards_that_differ_in_one_bit_are_not_identical()
    {
        var step = Step(0, 1, 1);
        step.Strategies[1].Rewards[1] = Math.BitIncrement(step.Strategies[1].Rewards[1]);
        Assert.False(Figures([step]).RewardsIdentical);
        var other = Step(0, 1, 1);
        Assert.False(Figures([other with { Strategies = [other.Strategies[0], other.Strategies[1] with { Identical = false }] }]).RewardsIdentical);
    }

    [Fact]
    public void Priced_time_counts_the_steps_that_were_priced_and_the_learning_on_top()
    {
        var step = Step(1, 4, 2) with
        {
            Priced = [Strategy("plain", 9, 0, 0), Strategy("atlas", 3, 0, 50)],
        };
        // Atlas learned for a quarter of its time.
        Assert.Equal(9 / (3 / 0.75), Figures([Step(0, 4, 2), step]).PricedSpeedup("atlas"), 1e-9);
        Assert.Equal(double.NaN, Figures([Step(0, 4, 2)]).PricedSpeedup("atlas"));
    }

    private static PolicyFigures Figures(IReadOnlyList<PolicyStep> steps) => new(State(steps), 0);

    private static PolicyRunState State(IReadOnlyList<PolicyStep> steps) => new() { Identity = "test", Batch = 4, Steps = steps };

    private static PolicyStep Step(int number, double plain, double atlas, int accepted = 50) => new()
    {
        Step = number,
        Domains = ["sorting"],
        Strategies = [Strategy("plain", plain, 0, 0), Strategy("atlas", atlas, atlas / 4, accepted)],
        Ended = 1,
        Update = new PolicyUpdate(0, 0, 0, 0, 0),
        LearningSeconds = 2,
        ReplaceSeconds = 1,
    };

    private static StrategyStep Strategy(string name, double seconds, double learning, int accepted) => new(
        name, [0.25, 0.5], true,
        new RolloutTotals { Seconds = seconds, LearningSeconds = learning, Tokens = 100, Forwards = 50, Drafted = accepted == 0 ? 0 : 100, Accepted = accepted });

    private static LiveCounts Live(int atMost, long tokens, double seconds) => new(atMost) { Steps = 1, Sequences = 1, Tokens = tokens, Seconds = seconds };
}
