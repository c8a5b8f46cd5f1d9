using System.Diagnostics;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;
using Atlas.Host.Speculation;

namespace Atlas.Host.Demo;

/// <summary>Serves the shifting traffic with all strategies in turns, request by request.</summary>
/// <param name="plan">How long.</param>
/// <param name="scenario">Which traffic.</param>
/// <param name="requests">Where requests come from.</param>
/// <param name="endTokens">Ids that end a request.</param>
internal sealed class DemoRun(DemoPlan plan, DemoScenario scenario, DemoRequests requests, IReadOnlyList<int> endTokens)
{
    private const int WarmRequests = 2;

    /// <summary>
    /// Decodes a few requests with stacks that are then thrown away: their code is compiled and the machine awake when time is first taken.
    /// </summary>
    public void Warm(StackFactory factory)
    {
        using var stacks = new DemoStacks(factory, plan.Lookahead);
        var comparison = new StrategyComparison(stacks.Strategies, endTokens);
        foreach (var phase in scenario.Phases.DistinctBy(phase => phase.Domain))
            for (int i = 0; i < WarmRequests; i++)
                comparison.Decode(requests.Next(phase.Domain), i);
    }

    /// <summary>Runs all phases.</summary>
    /// <param name="stacks">The strategies, fresh.</param>
    /// <param name="served">Hears after each request how far the run is, 0 to 1.</param>
    public (ScenarioLog Log, StrategyComparison Comparison) Run(DemoStacks stacks, Action<ScenarioLog, double> served)
    {
        var log = new ScenarioLog(scenario, stacks.Names);
        var comparison = new StrategyComparison(stacks.Strategies, endTokens);
        var clock = Stopwatch.StartNew();
        int turn = 0;
        for (int phase = 0; phase < scenario.Phases.Count; phase++)
            for (int i = 0; !plan.IsOver(phase, scenario.Phases.Count, i, clock.Elapsed); i++)
            {
                var decoded = comparison.Decode(requests.Next(scenario.Phases[phase].Domain), turn++);
                for (int s = 0; s < stacks.Names.Count; s++)
                    log.Add(new ServedRequest(phase, stacks.Names[s], decoded[s], stacks.State(stacks.Names[s])));
                served(log, Progress(phase, i + 1, clock.Elapsed));
            }
        return (log, comparison);
    }

    private double Progress(int phase, int served, TimeSpan elapsed)
    {
        int phases = scenario.Phases.Count;
        double within = plan.Requests is { } of ? (double)served / of : Math.Clamp(elapsed / plan.Duration * phases - phase, 0, 1);
        return (phase + within) / phases;
    }
}
