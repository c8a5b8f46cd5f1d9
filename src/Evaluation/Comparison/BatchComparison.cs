using System.Diagnostics;
using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Comparison;

/// <summary>
/// Decodes the same requests with several strategies, many at once: a request joins as another ends, so that the batch stays full. Strategies
/// take turns over groups of requests, in rotating order. What is timed are the steps in which the batch was full and read no prompt.
/// </summary>
/// <param name="strategies">The first one is what the others are compared with: plain decoding.</param>
/// <param name="batch">Requests at once.</param>
/// <param name="endTokens">Ids that end a request.</param>
/// <param name="firstId">Id of the first sequence; those that follow count up from it.</param>
public sealed class BatchComparison(IReadOnlyList<Strategy> strategies, int batch, IReadOnlyList<int> endTokens, long firstId)
{
    private readonly long[] _tokens = new long[strategies.Count];
    private readonly double[] _seconds = new double[strategies.Count];
    private long _nextId = firstId;

    /// <summary>Outputs that differed between strategies; empty when all are identical.</summary>
    public List<OutputDifference> Differences { get; } = [];

    /// <summary>Tokens per second of a strategy, all live requests together; NaN before any full step.</summary>
    public double Goodput(int strategy) => _tokens[strategy] / _seconds[strategy];

    /// <summary>Decodes a group of requests with every strategy.</summary>
    /// <param name="requests">More than the batch has places, so that some steps are full.</param>
    /// <param name="turn">The group's number; whose turn comes first rotates with it.</param>
    public void Decode(IReadOnlyList<EvaluationRequest> requests, int turn)
    {
        var outputs = new int[strategies.Count][][];
        for (int i = 0; i < strategies.Count; i++)
        {
            int chosen = (i + turn) % strategies.Count;
            outputs[chosen] = DecodeWith(requests, chosen);
        }
        for (int i = 1; i < strategies.Count; i++)
            for (int request = 0; request < requests.Count; request++)
                Compare(requests[request], turn * requests.Count + request, i, outputs[0][request], outputs[i][request]);
    }

    private void Compare(EvaluationRequest request, int index, int strategy, int[] expected, int[] output)
    {
        if (!output.AsSpan().SequenceEqual(expected))
            Differences.Add(new OutputDifference(index, request.Domain, strategies[strategy].Name, expected.AsSpan().CommonPrefixLength(output)));
    }

    private int[][] DecodeWith(IReadOnlyList<EvaluationRequest> requests, int chosen)
    {
        var strategy = strategies[chosen];
        DecodeSequence[] sequences = [.. requests.Select(request => request.Open(_nextId++, strategy, endTokens))];
        var waiting = new Queue<DecodeSequence>(sequences);
        var live = new StrategyBatch(strategy, batch);
        strategy.Work?.Begin();
        while (live.Live.Count + waiting.Count > 0)
        {
            while (live.HasPlace && waiting.TryDequeue(out var next)) live.Join(next);
            Step(live, chosen);
            live.RemoveEnded();
        }
        strategy.Work?.End();
        return [.. sequences.Select(sequence => sequence.Output.ToArray())];
    }

    private void Step(StrategyBatch live, int chosen)
    {
        bool full = !live.HasPlace && live.Live.All(sequence => !sequence.Output.IsEmpty);
        long before = live.Live.Sum(sequence => (long)sequence.Length);
        long start = Stopwatch.GetTimestamp();
        live.Step();
        if (!full) return;
        _seconds[chosen] += Stopwatch.GetElapsedTime(start).TotalSeconds;
        _tokens[chosen] += live.Live.Sum(sequence => (long)sequence.Length) - before;
    }
}
