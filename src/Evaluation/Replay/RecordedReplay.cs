namespace Atlas.Evaluation.Replay;

/// <summary>
/// Decodes a recorded trace with several strategies, request by request in turns with the order rotating. Requests come back to back, one at a
/// time: arrival times give their order alone.
/// </summary>
/// <param name="trace">The trace.</param>
/// <param name="stacks">Makes the strategies.</param>
/// <param name="names">Of <see cref="ReplayStrategies.Recorded"/>.</param>
public sealed class RecordedReplay(RecordedTrace trace, ReplayStacks stacks, IReadOnlyList<string> names)
{
    private const int WarmTokens = 5_000;

    /// <summary>Decodes the trace's beginning with stacks that are thrown away, so that code is compiled when time is first taken.</summary>
    public void Warm()
    {
        var log = new ReplayLog(trace.Outline, names);
        using var fresh = new ReplayStackList(stacks, names);
        long tokens = 0;
        for (int i = 0; i < trace.Requests.Count && tokens < WarmTokens; tokens += trace.Requests[i++].Output.Length) Decode(fresh, i, log);
    }

    /// <summary>Decodes all of it with fresh stacks.</summary>
    /// <param name="replayed">Hears after each request how many there were; null for nobody.</param>
    public ReplayLog Run(Action<int>? replayed = null)
    {
        var log = new ReplayLog(trace.Outline, names);
        using var fresh = new ReplayStackList(stacks, names);
        for (int i = 0; i < trace.Requests.Count; i++)
        {
            Decode(fresh, i, log);
            replayed?.Invoke(i + 1);
        }
        return log;
    }

    private void Decode(ReplayStackList fresh, int request, ReplayLog log)
    {
        for (int i = 0; i < fresh.Count; i++)
        {
            var stack = fresh[(request + i) % fresh.Count];
            log.Add(stack.Name, request, stack.Decode(request, trace.Requests[request]), stack.State());
        }
    }
}
