using System.Diagnostics;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Scenarios;
using Atlas.Evaluation.Traces;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Replay;

/// <summary>
/// Has a trace answered by a running service with each strategy in turns: request by request, or, where they arrive by a clock, in stretches that
/// every strategy lives through in real time.
/// </summary>
/// <param name="strategies">Plain first.</param>
/// <param name="scale">What gaps between arrivals are multiplied with; null for one request after the other.</param>
internal sealed class ServiceReplay(IReadOnlyList<ServiceStrategy> strategies, double? scale)
{
    private const int StretchRequests = 32;

    /// <summary>Replays all of it.</summary>
    /// <param name="requests">The trace.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="outline">Says what reports need of the requests that were answered, and how many were too long.</param>
    /// <param name="replayed">Hears how many requests are done; null for nobody.</param>
    /// <exception cref="TraceException">The service can answer none of them.</exception>
    public async Task<(ReplayLog Log, IReadOnlyList<OutputDifference> Differences)> RunAsync(
        IReadOnlyList<TraceRequest> requests, string name, Func<IReadOnlyList<RequestLabel>, int, ReplayOutline> outline, Action<int>? replayed)
    {
        var answers = new ServiceAnswer?[strategies.Count][];
        for (int s = 0; s < strategies.Count; s++) answers[s] = new ServiceAnswer?[requests.Count];
        int length = scale is null ? 1 : StretchRequests;
        for (int from = 0, turn = 0; from < requests.Count; from += length, turn++)
        {
            int count = Math.Min(length, requests.Count - from);
            for (int i = 0; i < strategies.Count; i++)
            {
                int s = (i + turn) % strategies.Count;
                await StretchAsync(strategies[s], requests, from, count, answers[s]).ConfigureAwait(false);
            }
            replayed?.Invoke(from + count);
        }
        return Log(requests, name, answers, outline);
    }

    private async Task StretchAsync(ServiceStrategy strategy, IReadOnlyList<TraceRequest> requests, int from, int count, ServiceAnswer?[] answers)
    {
        long start = Stopwatch.GetTimestamp();
        var running = new Task[count];
        for (int i = 0; i < count; i++)
        {
            int at = from + i;
            long? arrival = null;
            if (scale is { } factor)
            {
                double due = Math.Max(0, requests[at].ArrivalSeconds - requests[from].ArrivalSeconds) * factor;
                arrival = start + (long)(due * Stopwatch.Frequency);
                var left = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(start);
                if (left > TimeSpan.Zero) await Task.Delay(left).ConfigureAwait(false);
            }
            running[i] = AnswerAsync(strategy, requests[at], arrival, answers, at);
        }
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    // A prompt beyond the service's context is left out, for every strategy alike.
    private static async Task AnswerAsync(ServiceStrategy strategy, TraceRequest request, long? arrival, ServiceAnswer?[] answers, int at)
    {
        try
        {
            answers[at] = await strategy.AnswerAsync(request, arrival).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Code == RpcErrorCode.LimitExceeded)
        {
            answers[at] = null;
        }
    }

    private (ReplayLog Log, IReadOnlyList<OutputDifference> Differences) Log(
        IReadOnlyList<TraceRequest> requests, string name, ServiceAnswer?[][] answers, Func<IReadOnlyList<RequestLabel>, int, ReplayOutline> outline)
    {
        int[] answered = [.. Enumerable.Range(0, requests.Count).Where(i => answers.All(own => own[i] is not null))];
        if (answered.Length == 0) throw new TraceException($"{name}: all of its {requests.Count} prompts are too long for the service; expected at least one within its context");
        var labels = answered.Select(i => new RequestLabel(requests[i].Namespace, requests[i].Domain ?? requests[i].Namespace));
        var log = new ReplayLog(outline([.. labels], requests.Count - answered.Length), [.. strategies.Select(s => s.Name)]);
        var differences = new List<OutputDifference>();
        for (int s = 0; s < strategies.Count; s++)
            for (int i = 0; i < answered.Length; i++)
            {
                var (own, plain) = (answers[s][answered[i]]!, answers[0][answered[i]]!);
                log.Add(strategies[s].Name, i, own.Totals, StrategyState.None);
                if (!own.Tokens.AsSpan().SequenceEqual(plain.Tokens))
                    differences.Add(new OutputDifference(i, log.Trace.Requests[i].Domain, strategies[s].Name, plain.Tokens.AsSpan().CommonPrefixLength(own.Tokens)));
            }
        return (log, differences);
    }
}
