using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Rollouts;

/// <summary>
/// Draws the samples of a step with one strategy: so many at once, a waiting one joins as another ends, samples of a prompt share its rows.
/// They are of class throughput while there are many; when none waits and few are left, the last ones are what all wait for, and their class is
/// latency. Used from the decoding thread.
/// </summary>
/// <param name="strategy">Who draws.</param>
/// <param name="batch">Most samples at once.</param>
/// <param name="endTokens">Ids that end a sample.</param>
public sealed class RolloutRunner(RolloutStrategy strategy, int batch, IReadOnlyList<int> endTokens)
{
    /// <summary>Live samples from which on, when none waits, all wait for the stragglers.</summary>
    public const int Stragglers = 4;

    private readonly PromptShare _prompts = new(strategy.Target);
    private readonly List<(DecodeSequence Sequence, int Group)> _live = [];
    private readonly SortedDictionary<int, LiveCounts> _byLive = [];
    private DecodeSequence[] _step = [];

    /// <summary>Draws all samples.</summary>
    /// <param name="requests">Samples of one group stand together.</param>
    /// <param name="firstId">Id of the first sequence; those that follow count up from it, and none was used with the strategy before.</param>
    /// <exception cref="ArgumentException">A prompt and its token limit do not fit the target's context.</exception>
    public RolloutResult Run(IReadOnlyList<RolloutRequest> requests, long firstId)
    {
        var sequences = new DecodeSequence[requests.Count];
        for (int i = 0; i < sequences.Length; i++)
        {
            sequences[i] = Open(requests[i], firstId + i);
            strategy.Strategy.Decoder.CheckFits(sequences[i]);
            _prompts.Expect(requests[i].Group);
        }
        var waiting = sequences.Select((sequence, i) => (sequence, requests[i].Group)).ToList();
        _byLive.Clear();
        double learned = strategy.LearningSeconds;
        long start = strategy.Clock.GetTimestamp();
        strategy.Strategy.Work?.Begin();
        while (_live.Count + waiting.Count > 0)
        {
            Admit(waiting);
            if (waiting.Count == 0 && _live.Count <= Stragglers)
                foreach (var (sequence, _) in _live)
                    sequence.Class = RequestClass.Latency;
            Step();
            RemoveEnded();
        }
        strategy.Strategy.Work?.End();
        double seconds = strategy.Clock.GetElapsedTime(start).TotalSeconds;
        return new RolloutResult([.. sequences.Select(Sample)], Totals(sequences, seconds, strategy.LearningSeconds - learned));
    }

    private DecodeSequence Open(RolloutRequest request, long id) => new(
        id, request.Prompt, new SamplingOptions { Temperature = 1f, Seed = request.Seed }, new StopRules(request.MaxTokens, endTokens),
        strategy.Strategy.DraftCapacity)
    {
        Namespace = request.Domain,
        Class = RequestClass.Throughput,
    };

    // In their order; those whose prompt is just being read let others pass.
    private void Admit(List<(DecodeSequence Sequence, int Group)> waiting)
    {
        for (int i = 0; i < waiting.Count && _live.Count < batch;)
        {
            if (!_prompts.MayJoin(waiting[i].Group))
            {
                i++;
                continue;
            }
            _prompts.Join(waiting[i].Sequence, waiting[i].Group);
            _live.Add(waiting[i]);
            waiting.RemoveAt(i);
        }
    }

    private void Step()
    {
        if (_step.Length != _live.Count) _step = new DecodeSequence[_live.Count];
        for (int i = 0; i < _step.Length; i++) _step[i] = _live[i].Sequence;
        bool decodes = Array.TrueForAll(_step, _prompts.HasReadPrompt);
        var before = Count();
        long start = strategy.Clock.GetTimestamp();
        strategy.Strategy.Decoder.Step(_step);
        strategy.Strategy.Work?.AfterStep();
        if (!decodes) return;
        var after = Count();
        int bound = LiveCounts.BoundOf(_step.Length);
        if (!_byLive.TryGetValue(bound, out var counts)) _byLive.Add(bound, counts = new LiveCounts(bound));
        counts.Add(new LiveCounts(bound)
        {
            Steps = 1,
            Seconds = strategy.Clock.GetElapsedTime(start).TotalSeconds,
            Tokens = after.Emitted - before.Emitted,
            Sequences = _step.Length,
            Drafted = after.Drafted - before.Drafted,
            Accepted = after.Accepted - before.Accepted,
        });
    }

    private (long Emitted, long Drafted, long Accepted) Count()
    {
        long emitted = 0, drafted = 0, accepted = 0;
        foreach (var sequence in _step)
        {
            var counted = sequence.Statistics;
            (emitted, drafted, accepted) = (emitted + counted.Emitted, drafted + counted.Drafted, accepted + counted.Accepted);
        }
        return (emitted, drafted, accepted);
    }

    private void RemoveEnded()
    {
        foreach (var (sequence, group) in _live)
        {
            if (sequence.Finish is null) continue;
            _prompts.Leave(sequence, group);
            strategy.Strategy.Decoder.Release(sequence);
        }
        _live.RemoveAll(one => one.Sequence.Finish is not null);
    }

    private static RolloutSample Sample(DecodeSequence sequence) =>
        new(sequence.Output.ToArray(), sequence.OutputLogProbs.ToArray(), sequence.Finish == FinishReason.EndToken);

    private RolloutTotals Totals(DecodeSequence[] sequences, double seconds, double learning) => new()
    {
        Seconds = seconds,
        LearningSeconds = learning,
        Tokens = sequences.Sum(sequence => sequence.Statistics.Emitted),
        Forwards = sequences.Sum(sequence => sequence.Statistics.Forwards),
        Drafted = sequences.Sum(sequence => sequence.Statistics.Drafted),
        Accepted = sequences.Sum(sequence => sequence.Statistics.Accepted),
        ByLive = [.. _byLive.Values],
    };
}
