using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Replay;

/// <summary>
/// Answers a trace's prompts as they arrive, several at once where they overlap. Strategies take turns of some requests each, in rotating order; what
/// one has not finished in its turn waits in its cache for the next. Used from the decoding thread.
/// </summary>
/// <param name="trace">The prompts, in the order of arrival.</param>
/// <param name="strategies">Fresh, with room in the target for <see cref="ArrivalTimes.Places"/> sequences each; the first is what the others are compared with.</param>
/// <param name="endTokens">Ids that end a completion.</param>
/// <param name="arrivals">How arrival times are honoured.</param>
public sealed class ArrivingReplay(LiveTrace trace, IReadOnlyList<LiveStrategy> strategies, IReadOnlyList<int> endTokens, ArrivalTimes arrivals)
{
    private const int TurnRequests = 8;

    private readonly List<OutputDifference> _differences = [];

    /// <summary>Completions that differ from the first strategy's.</summary>
    public IReadOnlyList<OutputDifference> Differences => _differences;

    /// <summary>Answers all of them.</summary>
    /// <param name="replayed">Hears after each round of turns how many requests have ended with every strategy; null for nobody.</param>
    public ReplayLog Run(Action<int>? replayed = null)
    {
        var log = new ReplayLog(trace.Outline, [.. strategies.Select(s => s.Name)]);
        ArrivingBatch[] batches = [.. strategies.Select(s => new ArrivingBatch(s, trace.Requests, arrivals, endTokens))];
        int count = trace.Requests.Count;
        for (int ended = 0, turn = 0; ended < count; turn++)
        {
            ended = Math.Min(ended + TurnRequests, count);
            for (int i = 0; i < batches.Length; i++) batches[(i + turn) % batches.Length].Advance(ended, log);
            replayed?.Invoke(ended);
        }
        for (int s = 1; s < batches.Length; s++) Compare(batches[0].Outputs, batches[s].Outputs, strategies[s].Name);
        return log;
    }

    private void Compare(IReadOnlyList<int[]> expected, IReadOnlyList<int[]> outputs, string name)
    {
        for (int i = 0; i < expected.Count; i++)
            if (!outputs[i].AsSpan().SequenceEqual(expected[i]))
                _differences.Add(new OutputDifference(i, trace.Requests[i].Request.Domain, name, expected[i].AsSpan().CommonPrefixLength(outputs[i])));
    }
}
