using System.Diagnostics;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// Times the suffix speculator on recorded text: a namespace's store is filled, then the texts that follow are decoded as if a target wrote
/// them, accepting of each draft what the recorded text has. Nothing else runs, so caches are as warm as they get; only the store's size
/// makes them miss.
/// </summary>
public sealed class SuffixBenchmark
{
    // The first calls run code that is not yet optimised, and read a store that no cache holds anything of.
    private const int WarmCalls = 2000;
    private const int CompilingCalls = 30_000;
    private const int CompilingStore = 20_000;

    private readonly RecordedText _recorded;
    private readonly SuffixOptions _options;
    private readonly DraftBudget _budget;

    /// <summary>A benchmark over recorded texts.</summary>
    /// <param name="recorded">Texts to store and, after them, to decode.</param>
    /// <param name="options">Of the speculator that is measured.</param>
    /// <param name="budget">Of every draft.</param>
    public SuffixBenchmark(RecordedText recorded, SuffixOptions options, DraftBudget budget)
    {
        _recorded = recorded;
        _options = options;
        _budget = budget;
    }

    /// <summary>Fills a store with <paramref name="stored"/> tokens and times drafts until there were <paramref name="calls"/>.</summary>
    /// <exception cref="ArgumentException">The recorded texts have too few tokens for that.</exception>
    public SuffixCost Run(int stored, int calls)
    {
        // Optimised code takes the place of the first a tenth of a second after it has been asked for.
        Measure(Math.Min(stored, CompilingStore), Math.Min(calls, CompilingCalls));
        Thread.Sleep(300);
        return Measure(stored, calls);
    }

    private SuffixCost Measure(int stored, int calls)
    {
        var store = new SuffixStore(_options.Shared);
        int next = 0;
        long appended = 0, start = Stopwatch.GetTimestamp();
        for (; appended < stored; next++)
        {
            var text = _recorded.Text(next);
            var stream = store.Open();
            store.Extend(stream, text);
            store.Close(stream);
            appended += text.Length;
        }
        double append = Stopwatch.GetElapsedTime(start).TotalMicroseconds / appended;
        double bytes = (double)store.Bytes / store.Stored;
        long held = store.Stored;

        var speculator = new SuffixSpeculator(_options);
        speculator.Adopt("bench", store);
        var times = new List<double>(calls + WarmCalls);
        long drafted = 0, emitted = 0;
        while (times.Count < calls + WarmCalls) Decode(speculator, next++, times, ref drafted, ref emitted);
        times.RemoveRange(0, WarmCalls);
        int count = times.Count;
        return new SuffixCost(
            held, count, Percentiles.Median(times), Percentiles.Of(times, 0.99), times.Sum() / Math.Max(1, drafted), append, bytes, (double)emitted / count);
    }

    // Decodes one recorded text. The first call of a sequence reads its prompt and is not a draft's cost; nor are the calls that warm up.
    private void Decode(SuffixSpeculator speculator, int index, List<double> times, ref long drafted, ref long emitted)
    {
        var (prompt, output) = _recorded.Split(index);
        var sequence = new DecodeSequence(index, prompt, SamplingOptions.Greedy, new StopRules(output.Length, []), _budget.Nodes) { Namespace = "bench" };
        var batch = new[] { sequence };
        for (int at = 0; at < output.Length && times.Count < times.Capacity;)
        {
            sequence.Draft.Clear();
            sequence.Budget = at == 0 ? DraftBudget.None : _budget;
            long start = Stopwatch.GetTimestamp();
            speculator.Propose(batch);
            double time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            int accepted = RecordedVerification.Accepted(sequence.Draft, output.AsSpan(at));
            int advance = Math.Min(accepted + 1, output.Length - at);
            if (at > 0)
            {
                times.Add(time);
                if (times.Count > WarmCalls) (drafted, emitted) = (drafted + sequence.Draft.Count, emitted + advance);
            }
            for (int i = 0; i < advance; i++) sequence.Emit(new SampledToken(output[at + i], 0f, 0f));
            at += advance;
        }
        speculator.Release(sequence);
    }
}
