using System.Diagnostics;
using Atlas.Modeling.Training;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>
/// Runs a candidate along recorded completions as if it drafted for them: chains, accepted as far as the recorded text has them; what was
/// emitted is learned after every step, each position once when it has come and some times again, drawn from the newest ones. The same for all.
/// </summary>
/// <param name="lookahead">Draft tokens of a step.</param>
/// <param name="hotSize">Tokens that candidates draft among.</param>
/// <param name="repetitions">Times that a position is learned from again; 0 to 7.</param>
internal sealed class HeadComparison(int lookahead, int hotSize, int repetitions)
{
    private const int WindowLength = 5;
    private const int Kept = 2048;
    private const int Batch = 8;
    private const int HotInterval = 64;
    private const double HotHalfLife = 20_000;

    private static readonly AdamWStep Step = new(1e-3f, WeightDecay: 0.01f);

    public HeadComparisonResult Run(IHeadCandidate candidate, IReadOnlyList<RecordedCompletion> stream, int vocabularySize)
    {
        var counts = new HotVocabularyCounts(vocabularySize, HotHalfLife);
        var hot = new int[Math.Min(hotSize, vocabularySize)];
        var windows = new List<HeadExample>();
        var batch = new HeadExample[Batch];
        var random = new Random(5);
        var chain = new int[lookahead];
        var result = new HeadComparisonResult(candidate.Weights);
        int fresh = Math.Max(1, Batch / (1 + repetitions)), learned = 0, sinceHot = HotInterval;
        long total = stream.Sum(c => (long)c.Tokens.Length - 1), emitted = 0;
        List<double> draftTimes = [], learnTimes = [];
        bool ready = false;
        foreach (var completion in stream)
        {
            int next = 0;
            for (int at = 0; at + 1 < completion.Tokens.Length;)
            {
                int accepted = 0;
                if (ready)
                {
                    long start = Stopwatch.GetTimestamp();
                    candidate.Draft(completion.States, at, completion.Tokens[at], chain);
                    draftTimes.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / chain.Length);
                    while (accepted < chain.Length && at + 1 + accepted < completion.Tokens.Length && chain[accepted] == completion.Tokens[at + 1 + accepted]) accepted++;
                }
                int advance = Math.Min(accepted + 1, completion.Tokens.Length - 1 - at);
                result.Count(completion.Domain, advance, (double)emitted / total);
                emitted += advance;
                for (int i = 0; i < advance; i++) counts.Add(completion.Tokens[at + 1 + i]);
                at += advance;
                for (; next + WindowLength < at + 1; next++) windows.Add(completion.Window(next, WindowLength));
                if ((sinceHot += advance) >= HotInterval)
                {
                    sinceHot = 0;
                    int count = counts.Select(hot);
                    candidate.SetHotVocabulary(hot.AsSpan(0, count));
                    ready = true;
                }
                for (; windows.Count - learned >= fresh; learned += fresh)
                {
                    for (int i = 0; i < Batch; i++)
                        batch[i] = windows[i < fresh ? learned + i : windows.Count - 1 - random.Next(Math.Min(windows.Count, Kept))];
                    long start = Stopwatch.GetTimestamp();
                    candidate.Learn(batch, Step);
                    learnTimes.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / Batch);
                }
                if (ready) candidate.Prepare(completion.States);
            }
        }
        result.MicrosecondsPerDraft = Median(draftTimes);
        result.MicrosecondsPerWindow = Median(learnTimes);
        return result;
    }

    // A busy neighbour is not blamed on a candidate.
    private static double Median(List<double> values) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count / 2);
}
