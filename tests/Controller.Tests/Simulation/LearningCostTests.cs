using Atlas.Controller.Guard;
using Xunit.Abstractions;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>A trainer that takes 7 % of the decoding thread's time, in simulated traffic.</summary>
public sealed class LearningCostTests(ITestOutputHelper output)
{
    [Fact]
    public void Where_nothing_can_be_predicted_the_trainer_costs_hardly_more_than_its_least_share()
    {
        var (overPlain, share, _) = Run(Scenario.Noise());
        Assert.True(overPlain >= 0.98, $"{overPlain} of plain");
        Assert.InRange(share, 0.002, 0.015);
    }

    [Fact]
    public void Where_speculation_gains_less_than_learning_costs_it_stays_and_learning_rests()
    {
        // Less and less acceptance, until speculation gains a few percent.
        double acceptance = 0.3;
        while (acceptance > 0.02 && OverPlain(SimulatedRun.Adaptive(Scenario.Weak(acceptance))) > 1.04) acceptance -= 0.02;
        double raw = OverPlain(SimulatedRun.Adaptive(Scenario.Weak(acceptance)));
        var (overPlain, share, run) = Run(Scenario.Weak(acceptance));
        output.WriteLine($"acceptance {acceptance:0.00}: {raw:0.000} without a trainer");
        double OverPlain(SimulatedRun one) => SimulatedRun.Fixed(Scenario.Weak(acceptance), 0, 0).Seconds / one.Seconds;
        Assert.True(overPlain >= 0.99, $"{overPlain} of plain");
        Assert.InRange(share, 0.002, 0.03);
        Assert.True(run.Planner!.Metrics.Of(2).Accepted > 0);
    }

    [Fact]
    public void Where_speculation_gains_much_learning_has_its_full_share_and_counts_as_its_cost()
    {
        var (overPlain, share, run) = Run(Scenario.Taught());
        Assert.InRange(share, 0.06, 0.075);
        var without = SimulatedRun.Adaptive(Scenario.Taught());
        Assert.Equal(1 - share, without.Seconds / run.Seconds, 0.02);
        Assert.True(overPlain > 1.4, $"{overPlain} of plain");
    }

    [Fact]
    public void Where_others_gain_and_what_is_taught_adds_nothing_learning_rests()
    {
        var (_, share, run) = Run(Scenario.Copied());
        Assert.InRange(share, 0.004, 0.012);
        Assert.False(run.Planner!.Contributes(SimulatedRun.Taught));
        Assert.True(run.Planner.Contributes("suffix"));
    }

    private (double OverPlain, double Share, SimulatedRun Run) Run(Scenario scenario)
    {
        var trainer = new SimulatedTrainer(0.07, 0.005);
        var run = SimulatedRun.Adaptive(scenario, trainer: trainer);
        double overPlain = SimulatedRun.Fixed(scenario, 0, 0).Seconds / run.Seconds;
        output.WriteLine($"{scenario.Name}: {overPlain:0.000} of plain, learning {trainer.Seconds / run.Seconds:0.0000} of the time");
        return (overPlain, trainer.Seconds / run.Seconds, run);
    }
}
