namespace Atlas.Evaluation.Scenarios;

/// <summary>All requests of a scenario as the strategies served them, and what follows from them. Filled by one thread.</summary>
/// <param name="scenario">The traffic.</param>
/// <param name="strategies">Names of the strategies that served it, plain decoding first.</param>
public sealed class ScenarioLog(DemoScenario scenario, IReadOnlyList<string> strategies)
{
    private readonly Dictionary<string, List<ServedRequest>> _served = strategies.ToDictionary(name => name, _ => new List<ServedRequest>());

    /// <summary>Part of a phase's requests, at its end, by which a strategy is taken to have adapted.</summary>
    public const double TailShare = 0.3;

    /// <summary>The traffic.</summary>
    public DemoScenario Scenario => scenario;

    /// <summary>Names of the strategies.</summary>
    public IReadOnlyList<string> Strategies => strategies;

    /// <summary>Adds a request that was served.</summary>
    public void Add(ServedRequest request) => _served[request.Strategy].Add(request);

    /// <summary>What a strategy served, in order.</summary>
    public IReadOnlyList<ServedRequest> Of(string strategy) => _served[strategy];

    /// <summary>What a strategy served of a phase, in order.</summary>
    public IReadOnlyList<ServedRequest> Of(string strategy, int phase) => [.. _served[strategy].Where(r => r.Phase == phase)];

    /// <summary>The last requests of a phase, at least one where there is any.</summary>
    public IReadOnlyList<ServedRequest> Tail(string strategy, int phase)
    {
        var all = Of(strategy, phase);
        return [.. all.Skip(all.Count - (int)Math.Ceiling(TailShare * all.Count))];
    }

    /// <summary>Sums of a strategy over a phase.</summary>
    public ServedTotals Totals(string strategy, int phase) => ServedTotals.Of(Of(strategy, phase));

    /// <summary>Sums of a strategy over all phases.</summary>
    public ServedTotals Totals(string strategy) => ServedTotals.Of(Of(strategy));

    /// <summary>Sums of a strategy over the adapted tails of the shifted phases.</summary>
    public ServedTotals AdaptedTotals(string strategy) => ServedTotals.Of(ShiftedPhases.SelectMany(phase => Tail(strategy, phase)));

    /// <summary>Indices of the phases in which the traffic has shifted.</summary>
    public IEnumerable<int> ShiftedPhases => Enumerable.Range(0, scenario.Phases.Count).Where(phase => scenario.Phases[phase].Shifted);
}
