using Atlas.Evaluation.Scenarios;

namespace Atlas.Evaluation.Replay;

/// <summary>What every strategy did with every request of a replayed trace, and the oracle beside them.</summary>
public sealed class ReplayLog
{
    /// <summary>Parts of equally many tokens that figures are given for.</summary>
    public const int Tenths = 10;

    private readonly Dictionary<string, ReplayTotals[]> _served;
    private readonly Dictionary<string, List<StrategyState>> _states;

    /// <summary>A log without requests.</summary>
    /// <param name="trace">What is replayed.</param>
    /// <param name="strategies">Who replays it; the first is what the others are compared with.</param>
    public ReplayLog(ReplayOutline trace, IReadOnlyList<string> strategies)
    {
        Trace = trace;
        Strategies = strategies;
        _served = strategies.ToDictionary(name => name, _ => new ReplayTotals[trace.Requests.Count]);
        _states = strategies.ToDictionary(name => name, _ => new List<StrategyState>());
    }

    /// <summary>What was replayed.</summary>
    public ReplayOutline Trace { get; }

    /// <summary>Who replayed it.</summary>
    public IReadOnlyList<string> Strategies { get; }

    /// <summary>Those and, where there is more than one strategy beside atlas to choose from, the oracle.</summary>
    public IReadOnlyList<string> Reported => Singles.Count > 1 ? [.. Strategies, ReplayStrategies.Oracle] : Strategies;

    /// <summary>Requests of the trace.</summary>
    public int Count => Trace.Requests.Count;

    /// <summary>Tokens that were emitted: every strategy emits the first one's.</summary>
    public long Tokens => Total(Strategies[0]).Tokens;

    /// <summary>Namespaces in the order they first came.</summary>
    public IReadOnlyList<string> Namespaces => [.. Trace.Requests.Select(r => r.Namespace).Distinct()];

    /// <summary>The strategies that the oracle chooses from: all but atlas.</summary>
    public IReadOnlyList<string> Singles => [.. Strategies.Where(name => name != ReplayStrategies.Atlas)];

    /// <summary>Takes what a strategy did with a request.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="request">The request's index in the trace.</param>
    /// <param name="totals">What was counted.</param>
    /// <param name="state">What the strategy had counted since its beginning when the request ended; to be given in the order in which requests end.</param>
    public void Add(string strategy, int request, in ReplayTotals totals, StrategyState state)
    {
        _served[strategy][request] = totals;
        _states[strategy].Add(state);
    }

    /// <summary>All that <see cref="Add"/> was told, when every request has ended with every strategy.</summary>
    public IReadOnlyList<StrategyLog> TakeApart() => [.. Strategies.Select(name => StrategyLog.Of(name, _served[name], _states[name]))];

    /// <summary>Puts together what <see cref="TakeApart"/> gave.</summary>
    /// <param name="trace">What was replayed.</param>
    /// <param name="parts">Of every strategy, in the log's order.</param>
    /// <exception cref="InvalidDataException">The parts are not those of one replay of this trace.</exception>
    public static ReplayLog Restore(ReplayOutline trace, IReadOnlyList<StrategyLog> parts)
    {
        if (Fault(trace, parts) is { } fault) throw new InvalidDataException(fault);
        var log = new ReplayLog(trace, [.. parts.Select(part => part.Name)]);
        foreach (var part in parts)
        {
            part.Served.ToArray().CopyTo(log._served[part.Name], 0);
            log._states[part.Name].AddRange(part.WholeStates());
        }
        return log;
    }

    private static string? Fault(ReplayOutline trace, IReadOnlyList<StrategyLog> parts)
    {
        if (trace.Requests.Count == 0 || trace.Requests.Any(request => request.Namespace is null || request.Domain is null))
            return "the trace has no requests, or some without a name; expected at least one, of a namespace and a domain";
        if (parts.Count == 0 || parts.Any(part => part is null) || parts.DistinctBy(part => part.Name).Count() != parts.Count)
            return "a strategy is missing or there twice; expected at least one, each once";
        if (parts.Select(part => part.Fault(trace.Requests.Count)).FirstOrDefault(fault => fault is not null) is { } wrong) return wrong;
        return parts[0].Served.Sum(totals => totals.Tokens) > 0 ? null : $"{parts[0].Name} emitted nothing; expected at least one token";
    }

    /// <summary>What a strategy, or the oracle, did with one request.</summary>
    public ReplayTotals Of(string strategy, int request) => _served[strategy == ReplayStrategies.Oracle ? Best(request) : strategy][request];

    /// <summary>What a strategy's controller and trainer had counted when this many requests and one more had ended.</summary>
    public StrategyState StateOf(string strategy, int ended) => _states[strategy][ended];

    /// <summary>Whether a strategy has a controller, whose choices its states tell.</summary>
    public bool IsPlanned(string strategy) => _states.TryGetValue(strategy, out var states) && states is [{ Credits.Count: > 0 }, ..];

    /// <summary>The strategy, atlas left out, that took least time for a request.</summary>
    public string Best(int request) => Singles.MinBy(name => _served[name][request].Seconds)!;

    /// <summary>Sums over the whole trace.</summary>
    public ReplayTotals Total(string strategy) => Range(strategy, 0, Count);

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
    public ReplayTotals OfTenth(string strategy, int tenth)
    {
        var sum = default(ReplayTotals);
        long before = 0, all = Tokens;
        for (int i = 0; i < Count; i++)
        {
            if (before * Tenths / all == tenth) sum += Of(strategy, i);
            before += Of(Strategies[0], i).Tokens;
        }
        return sum;
    }

    /// <summary>Sums over some requests in a row.</summary>
    public ReplayTotals Range(string strategy, int from, int count) => ReplayTotals.Sum(Enumerable.Range(from, count).Select(i => Of(strategy, i)));

    /// <summary>Goodput of a strategy over that of the first, over the whole trace.</summary>
    public double Speedup(string strategy) => Total(strategy).Goodput / Total(Strategies[0]).Goodput;

    /// <summary>Time that a strategy took beyond the oracle's, over the oracle's: 0.1 is a tenth slower.</summary>
    public double Regret(string strategy) => Total(strategy).Seconds / Total(ReplayStrategies.Oracle).Seconds - 1;
}
