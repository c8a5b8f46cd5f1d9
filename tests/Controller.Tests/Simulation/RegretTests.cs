using Xunit.Abstractions;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>
/// The controller in simulated traffic, against every fixed choice. With ATLAS_FIGURES naming a file, the table of docs/controller.md is
/// written there.
/// </summary>
public sealed class RegretTests(ITestOutputHelper output)
{
    [Fact]
    public void It_does_as_well_as_the_best_fixed_choice_and_nearly_as_the_oracle()
    {
        var rows = new List<string>
        {
            "| scenario | over plain | best fixed choice (over plain) | over best fixed | over oracle | calibration error | drift events |",
            "|---|---|---|---|---|---|---|",
        };
        foreach (var scenario in Scenario.All())
        {
            var report = RegretReport.Of(scenario);
            rows.Add(report.ToString());
            output.WriteLine(report.ToString());
            Assert.True(report.OverBestFixed >= (scenario.Hostile ? 0.98 : 1.0), report.ToString());
            Assert.True(report.OverOracle >= 0.92, report.ToString());
            Assert.True(report.OverPlain >= 0.98, report.ToString());
            var metrics = report.Adaptive.Planner!.Metrics;
            if (metrics.CalibrationSamples >= 5000) Assert.InRange(metrics.CalibrationError, 0, 0.05);
        }
        if (Environment.GetEnvironmentVariable("ATLAS_FIGURES") is { Length: > 0 } file) File.WriteAllLines(file, rows);
    }

    [Fact]
    public void A_shift_is_noticed_and_the_new_best_is_found_within_twenty_requests()
    {
        var scenario = Scenario.AbruptShift();
        var adaptive = SimulatedRun.Adaptive(scenario);
        var before = SimulatedRun.Fixed(scenario, 0b011, 3);
        double Ratio(int from, int to) =>
            before.RequestSeconds.AsSpan()[from..to].ToArray().Sum() / adaptive.RequestSeconds.AsSpan()[from..to].ToArray().Sum();
        Assert.True(adaptive.Planner!.Metrics.DriftEvents > 0);
        Assert.True(Ratio(120, 140) > 1.3, $"after the shift {Ratio(120, 140)}");
    }

    [Fact]
    public void The_same_traffic_gets_the_same_decisions()
    {
        var (one, other) = (SimulatedRun.Adaptive(Scenario.Mixed()), SimulatedRun.Adaptive(Scenario.Mixed()));
        Assert.Equal(one.RequestSeconds, other.RequestSeconds);
    }

    [Fact]
    public void Garbage_in_one_namespace_leaves_another_as_it_was()
    {
        var clean = Scenario.Stationary();
        var alone = SimulatedRun.Adaptive(clean);
        var requests = clean.Requests.SelectMany(r => new[] { r, r with { Acceptance = [0.01, 0.01, 0.01], Domain = "hostile" } })
            .Select((r, i) => r with { Index = i }).ToArray();
        var both = SimulatedRun.Adaptive(clean with { Requests = requests });
        double own = 0;
        for (int i = 0; i < requests.Length; i += 2) own += both.RequestSeconds[i];
        Assert.InRange(own / alone.Seconds, 0.9, 1.1);
    }
}
