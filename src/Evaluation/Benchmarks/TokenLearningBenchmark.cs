using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Compares heads that see tokens alone on the same recorded traffic, as if a target wrote it: chains drafted greedily, accepted as far as the
/// recorded text has them, and after every step what was emitted is learned, with repetitions from the newest past. The head learns between two
/// steps and drafts with what it has learned at once, without shadow tests: what learning itself can do. Deterministic but for times.
/// </summary>
/// <param name="heads">The heads.</param>
/// <param name="step">Their update rule.</param>
/// <param name="lookahead">Draft tokens per step.</param>
public sealed class TokenLearningBenchmark(IHeadFactory heads, AdamWStep step, int lookahead)
{
    private const int ColdStartSpan = 300;

    private readonly StepCount[] _tenths = new StepCount[10];
    private readonly StepCount[] _cold = new StepCount[TokenLearningResult.ColdStartTokens.Count];
    private readonly List<(string Name, StepCount Steps)> _domains = [];
    private double _draftTime;
    private long _drafted;
    private long _emitted;

    /// <summary>Runs traffic through a new head.</summary>
    /// <param name="requests">The traffic.</param>
    /// <param name="repetitions">Times that a position is learned from again, on average; 0 to 15.</param>
    public TokenLearningResult Run(IReadOnlyList<RecordedRequest> requests, int repetitions)
    {
        Clear();
        using var head = heads.Create(null, 1);
        using var text = new TextStates(heads);
        using var learner = new StreamLearner(head, heads.StateWidth, step, repetitions);
        var slots = new LearnedSlots();
        slots.Base.Publish(new LearnedVersion(1, head));
        var speculator = new LearnedSpeculator(text, heads.VocabularySize, slots, new LearnedSpeculatorOptions());
        long total = requests.Sum(r => (long)r.Output.Length);
        for (int i = 0; i < requests.Count; i++) Decode(requests[i], i, total, speculator, learner);
        slots.Base.Publish(null);
        return new TokenLearningResult(
            _emitted, StepCount.Sum(_tenths).AcceptanceLength, [.. _tenths.Select(t => t.AcceptanceLength)],
            [.. _domains.Select(d => (d.Name, d.Steps.AcceptanceLength))], [.. _cold.Select(c => c.AcceptanceLength)],
            _draftTime / Math.Max(1, _drafted), learner.MicrosecondsPerPosition);
    }

    private void Clear()
    {
        Array.Clear(_tenths);
        Array.Clear(_cold);
        _domains.Clear();
        (_draftTime, _drafted, _emitted) = (0, 0, 0);
    }

    private void Decode(RecordedRequest request, int id, long total, LearnedSpeculator speculator, StreamLearner learner)
    {
        if (_domains.Count == 0 || _domains[^1].Name != request.Domain) _domains.Add((request.Domain, default));
        var sequence = new DecodeSequence(id, request.Prompt, SamplingOptions.Greedy, new StopRules(request.Output.Length, []), lookahead);
        var batch = new[] { sequence };
        while (sequence.Finish is null)
        {
            var rest = request.Output.AsSpan(sequence.Output.Length);
            sequence.Draft.Clear();
            sequence.Budget = DraftBudget.Chain(lookahead);
            long start = Stopwatch.GetTimestamp();
            speculator.Propose(batch);
            _draftTime += Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            _drafted += sequence.Draft.Count;
            int advance = Math.Min(RecordedVerification.Accepted(sequence.Draft, rest) + 1, rest.Length);
            Count(advance, total);
            for (int i = 0; i < advance; i++)
            {
                learner.Add(sequence.Tokens, rest[i]);
                sequence.Emit(new SampledToken(rest[i], 0f, 0f));
            }
            learner.Learn();
        }
        speculator.Release(sequence);
    }

    private void Count(int advance, long total)
    {
        ref var tenth = ref _tenths[_emitted * 10 / total];
        tenth = tenth.With(advance);
        _domains[^1] = (_domains[^1].Name, _domains[^1].Steps.With(advance));
        for (int i = 0; i < _cold.Length; i++)
        {
            long since = _emitted - TokenLearningResult.ColdStartTokens[i];
            if (since is >= 0 and < ColdStartSpan) _cold[i] = _cold[i].With(advance);
        }
        _emitted += advance;
    }
}
