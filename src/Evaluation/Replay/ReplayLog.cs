using Atlas.Evaluation.Scenarios;

namespace Atlas.Evaluation.Replay;

/// <summary>What every strategy did with every request of a recorded trace, and the oracle beside them.</summary>
public sealed class ReplayLog
{
    private const int Parts = 10;

    private readonly Dictionary<string, List<(ReplayTotals Totals, StrategyState State)>> _served;
    private readonly int[] _tenths;

    /// <summary>A log without requests.</summary>
    /// <param name="trace">What is replayed.</param>
    /// <param name="strategies">Who replays it; the first is what the others are compared with.</param>
    public ReplayLog(RecordedTrace trace, IReadOnlyList<string> strategies)
    {
        Trace = trace;
        Strategies = strategies;
        _served = strategies.ToDictionary(name => name, _ => new List<(ReplayTotals, StrategyState)>());
        _tenths = new int[trace.Requests.Count];
        long before = 0;
        for (int i = 0; i < _tenths.Length; before += trace.Requests[i++].Output.Length) _tenths[i] = (int)(before * Parts / trace.Tokens);
    }

    /// <summary>What was replayed.</summary>
    public RecordedTrace Trace { get; }

    /// <summary>Who replayed it.</summary>
    public IReadOnlyList<string> Strategies { get; }

    /// <summary>Those and, where there is more than one strategy without a controller to choose from, the oracle.</summary>
    public IReadOnlyList<string> Reported => Singles.Count > 1 ? [.. Strategies, ReplayStrategies.Oracle] : Strategies;

    /// <summary>Requests replayed.</summary>
    public int Count => _served[Strategies[0]].Count;

    /// <summary>Namespaces in the order they first came.</summary>
    public IReadOnlyList<string> Namespaces => [.. Trace.Requests.Select(r => r.Namespace).Distinct()];

    /// <summary>The strategies that the oracle chooses from: those without a controller.</summary>
    public IReadOnlyList<string> Singles => [.. Strategies.Where(name => name != ReplayStrategies.Atlas)];

    /// <summary>Takes what a strategy did with its next request.</summary>
    public void Add(string strategy, in ReplayTotals totals, StrategyState state) => _served[strategy].Add((totals, state));

    /// <summary>What a strategy, or the oracle, did with one request.</summary>
    public ReplayTotals Of(string strategy, int request) => _served[strategy == ReplayStrategies.Oracle ? Best(request) : strategy][request].Totals;

    /// <summary>What a strategy's controller had counted when a request ended.</summary>
    public StrategyState StateOf(string strategy, int request) => _served[strategy][request].State;

    /// <summary>The strategy without a controller that took least time for a request.</summary>
    public string Best(int request) => Singles.MinBy(name => _served[name][request].Totals.Seconds)!;

    /// <summary>Sums over the whole trace.</summary>
    public ReplayTotals Total(string strategy) => Total(strategy, _ => true);

    /// <summary>Sums over the requests of each namespace, in the order in which namespaces first came.</summary>
    public IReadOnlyList<(string Namespace, ReplayTotals Totals)> ByNamespace(string strategy)
    {
        var sums = new OrderedDictionary<string, ReplayTotals>(StringComparer.Ordinal);
        for (int i = 0; i < Count; i++)
        {
            string name = Trace.Requests[i].Namespace;
            sums[name] = sums.GetValueOrDefault(name) + Of(strategy, i);
        }
        return [.. sums.Select(sum => (sum.Key, sum.Value))];
    }

    /// <summary>Sums over the requests whose first token lies in one tenth of the trace's tokens, 0 to 9; there may be none.</summary>
    public ReplayTotals OfTenth(string strategy, int tenth) => Total(strategy, i => _tenths[i] == tenth);

    /// <summary>Sums over some requests in a row.</summary>
    public ReplayTotals Range(string strategy, int from, int count) => ReplayTotals.Sum(Enumerable.Range(from, count).Select(i => Of(strategy, i)));

    /// <summary>Goodput of a strategy over that of the first, over the whole trace.</summary>
    public double Speedup(string strategy) => Total(strategy).Goodput / Total(Strategies[0]).Goodput;

    /// <summary>Time that a strategy took beyond the oracle's, over the oracle's: 0.1 is a tenth slower.</summary>
    public double Regret(string strategy) => Total(strategy).Seconds / Total(ReplayStrategies.Oracle).Seconds - 1;

    private ReplayTotals Total(string strategy, Func<int, bool> counts) =>
        ReplayTotals.Sum(Enumerable.Range(0, Count).Where(counts).Select(i => Of(strategy, i)));
}
