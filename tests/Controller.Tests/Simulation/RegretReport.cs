using System.Text;

namespace Atlas.Controller.Tests.Simulation;

/// <summary>The controller against plain decoding, every fixed policy, and the best of these for each request, in one scenario.</summary>
internal sealed record RegretReport(Scenario Scenario, SimulatedRun Adaptive, double Plain, double BestFixed, string BestFixedName, double Oracle)
{
    private static readonly string[] Names = ["static", "suffix", "learned"];

    /// <summary>Plain decoding's time over the controller's.</summary>
    public double OverPlain => Plain / Adaptive.Seconds;

    /// <summary>The best fixed policy's time over the controller's: above 1 there is no regret.</summary>
    public double OverBestFixed => BestFixed / Adaptive.Seconds;

    /// <summary>The time of the best fixed policy of each request over the controller's.</summary>
    public double OverOracle => Oracle / Adaptive.Seconds;

    public static RegretReport Of(Scenario scenario, Func<ControllerOptions, ControllerOptions>? change = null)
    {
        var plain = SimulatedRun.Fixed(scenario, 0, 0);
        var oracle = (double[])plain.RequestSeconds.Clone();
        var (best, name) = (plain.Seconds, "plain");
        foreach (int lookahead in new[] { 1, 2, 3, 4, 6, 8 })
            for (int mask = 1; mask < 8; mask++)
            {
                var run = SimulatedRun.Fixed(scenario, mask, lookahead);
                for (int i = 0; i < oracle.Length; i++) oracle[i] = Math.Min(oracle[i], run.RequestSeconds[i]);
                if (run.Seconds >= best) continue;
                (best, name) = (run.Seconds, $"{string.Join(" + ", Names.Where((_, i) => (mask >> i & 1) != 0))}, {lookahead} ahead");
            }
        return new RegretReport(scenario, SimulatedRun.Adaptive(scenario, change), plain.Seconds, best, name, oracle.Sum());
    }

    /// <summary>A table row: scenario, over plain, best fixed and its speedup, over best fixed, over the oracle, calibration, drift, stops.</summary>
    public override string ToString()
    {
        var metrics = Adaptive.Planner!.Metrics;
        return new StringBuilder()
            .Append($"| {Scenario.Name} | {OverPlain:0.00} | {BestFixedName} ({Plain / BestFixed:0.00}) | {OverBestFixed:0.000} | {OverOracle:0.000} ")
            .Append($"| {metrics.CalibrationError:0.000} of {metrics.CalibrationSamples} | {metrics.DriftEvents} |").ToString();
    }
}
