using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;

namespace Atlas.Evaluation.Tests.Scenarios;

/// <summary>Figures of logs whose answers are known by construction.</summary>
public sealed class ScenarioFiguresTests
{
    private const int Requests = 20;

    private static readonly string[] Strategies = ["plain", "static", "suffix", "atlas"];
    private static readonly DemoScenario Scenario = DemoScenario.Of(["tools", "sql", "logs"], null);

    [Fact]
    public void The_adapted_speedup_is_of_totals_over_the_last_thirty_percent_of_the_shifted_phases()
    {
        // Atlas is fast in the last 6 of 20 requests only, and only there is it looked at; phases at home count nothing.
        var figures = Figures((strategy, phase, i) => strategy switch { "atlas" => i >= 14 ? (phase == 1 ? 300 : 200) : 10, "static" => 150, _ => 100 });
        // 6 requests of 60 tokens: 1.2 s and 1.8 s.
        Assert.Equal(720 / (1.2 + 1.8) / 100, figures.AdaptedSpeedup("atlas"), 9);
        Assert.Equal(1.5, figures.AdaptedSpeedup("static"), 9);
        Assert.Equal(1, figures.AdaptedSpeedup("plain"), 9);
    }

    [Fact]
    public void The_best_single_is_another_one_in_every_phase()
    {
        var figures = Figures((strategy, phase, _) => strategy switch { "static" => phase is 0 or 3 ? 200 : 50, "suffix" => phase is 0 or 3 ? 50 : 200, "atlas" => 190, _ => 100 });
        Assert.Equal(190 / 80.0, figures.OverBest("atlas", ["static", "suffix"]), 9);
        Assert.Equal(0.95, figures.WorstOverBest("atlas", ["static", "suffix"]), 9);
    }

    [Fact]
    public void Recovery_counts_requests_until_a_window_is_ahead_in_the_slowest_phase()
    {
        var figures = Figures((strategy, phase, i) => strategy switch { "static" => 100, "atlas" => phase == 2 ? (i >= 9 ? 101 : 1) : 200, _ => 80 });
        Assert.Equal(9, figures.RequestsToBeat("atlas", "static"));
        Assert.Equal(9, figures.RequestsToPlateau("atlas"));
        Assert.Equal(0, figures.RequestsToBeat("static", "plain"));
    }

    [Fact]
    public void Who_never_gets_ahead_has_taken_the_whole_phase()
    {
        var figures = Figures((strategy, _, _) => strategy == "static" ? 100 : 90);
        Assert.Equal(Requests, figures.RequestsToBeat("atlas", "static"));
    }

    [Fact]
    public void The_plateau_is_judged_against_plain_so_that_harder_requests_are_no_setback()
    {
        // All requests get twice as slow in the middle, for everybody.
        var figures = Figures((strategy, _, i) => (strategy == "atlas" ? 300 : 100) / (i >= 10 ? 2 : 1));
        Assert.Equal(0, figures.RequestsToPlateau("atlas"));
    }

    [Fact]
    public void Forgetting_compares_the_return_with_the_tail_of_the_beginning()
    {
        var log = new ScenarioLog(Scenario, ["plain"]);
        for (int phase = 0; phase < 4; phase++)
            for (int i = 0; i < 10; i++)
                log.Add(new ServedRequest(phase, "plain", Decoded(1, accepted: phase == 3 ? 2 : i >= 7 ? 3 : 0), StrategyState.None));
        Assert.Equal(3.0 / 4.0, new ScenarioFigures(log).ReturnedOverBefore("plain"), 9);
    }

    // Each request emits 60 tokens after its first step, at a speed given in tokens per second.
    private static ScenarioFigures Figures(Func<string, int, int, double> speed)
    {
        var log = new ScenarioLog(Scenario, Strategies);
        for (int phase = 0; phase < Scenario.Phases.Count; phase++)
            for (int i = 0; i < Requests; i++)
                foreach (string strategy in Strategies)
                    log.Add(new ServedRequest(phase, strategy, Decoded(60 / speed(strategy, phase, i), 0), StrategyState.None));
        return new ScenarioFigures(log);
    }

    private static DecodedRequest Decoded(double seconds, int accepted)
    {
        var draft = new DraftTree(8);
        for (int i = 0; i < accepted; i++) draft.Add(i, i - 1, 1);
        var statistics = new DecodeStatistics(8);
        statistics.AddStep(draft, accepted, accepted + 1);
        return new DecodedRequest([1], FinishReason.Length, statistics, 60, seconds, seconds + 1);
    }
}
