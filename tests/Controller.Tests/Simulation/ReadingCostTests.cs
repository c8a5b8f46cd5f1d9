using Atlas.Controller.Guard;
using Xunit.Abstractions;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>A draft model that has to read the whole prompt before it drafts for a request the first time.</summary>
public sealed class ReadingCostTests(ITestOutputHelper output)
{
    [Fact]
    public void Short_answers_to_long_prompts_do_not_pay_for_the_reading()
    {
        // Reading takes 30 ms, the whole answer 19.
        var (overPlain, run, plain) = Run(Scenario.LongPrompts(200, 12));
        Assert.True(overPlain >= 0.985, $"{overPlain} of plain");
        Assert.InRange(run.ReadSeconds / plain, 0, 0.015);
    }

    [Fact]
    public void Long_answers_do_and_the_guard_does_not_blame_the_reading()
    {
        // Reading takes 30 ms, a plain answer 960.
        var (overPlain, run, _) = Run(Scenario.LongPrompts(30, 600));
        Assert.True(overPlain >= 1.4, $"{overPlain} of plain");
        Assert.Equal(GuardState.Open, run.Planner!.GuardOf("default"));
        Assert.InRange(run.ReadSeconds, 0.5 * 30 * 30e-3, 1.1 * 30 * 50e-3);
    }

    [Fact]
    public void Where_prompts_are_short_the_choice_is_as_good_as_the_best_fixed_one()
    {
        var report = RegretReport.Of(Scenario.Stationary() with { PerRead = 30e-6 });
        output.WriteLine(report.ToString());
        Assert.True(report.OverBestFixed >= 1.0, report.ToString());
    }

    private (double OverPlain, SimulatedRun Run, double Plain) Run(Scenario scenario)
    {
        var run = SimulatedRun.Adaptive(scenario);
        double plain = SimulatedRun.Fixed(scenario, 0, 0).Seconds;
        output.WriteLine($"{plain / run.Seconds:0.000} of plain, {run.ReadSeconds:0.000} of {run.Seconds:0.000} s read");
        return (plain / run.Seconds, run, plain);
    }
}
