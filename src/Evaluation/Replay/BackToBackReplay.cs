using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Replay;

/// <summary>
/// Answers a trace's prompts one after the other, each with all strategies in turns, the order rotating: arrival times give their order alone. Used
/// from the decoding thread.
/// </summary>
/// <param name="trace">The prompts.</param>
/// <param name="strategies">Fresh; the first is what the others are compared with.</param>
/// <param name="endTokens">Ids that end a completion.</param>
public sealed class BackToBackReplay(LiveTrace trace, IReadOnlyList<LiveStrategy> strategies, IReadOnlyList<int> endTokens)
{
    private readonly StrategyComparison _comparison = new([.. strategies.Select(s => s.Strategy)], endTokens);

    /// <summary>Completions that differ from the first strategy's.</summary>
    public IReadOnlyList<OutputDifference> Differences => _comparison.Differences;

    /// <summary>Answers all of them.</summary>
    /// <param name="replayed">Hears after each request how many there were; null for nobody.</param>
    public ReplayLog Run(Action<int>? replayed = null)
    {
        var log = new ReplayLog(trace.Outline, [.. strategies.Select(s => s.Name)]);
        for (int i = 0; i < trace.Requests.Count; i++)
        {
            var before = strategies.Select(s => s.Meter.Work).ToArray();
            var decoded = _comparison.Decode(trace.Requests[i].Request, i);
            for (int s = 0; s < strategies.Count; s++)
                log.Add(strategies[s].Name, i, ReplayTotals.Of(decoded[s], strategies[s].Meter.Work - before[s]), strategies[s].State());
            replayed?.Invoke(i + 1);
        }
        return log;
    }
}
