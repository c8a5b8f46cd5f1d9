using System.Diagnostics;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Benchmarks;

namespace Atlas.Host.Speculation;

/// <summary>Times a speculator's chains before there is traffic: what a call costs, what each level of depth adds, and what reading a token does.</summary>
internal static class DraftProbe
{
    private const int Deep = 5;
    private const int Rounds = 7;
    private const int PromptTokens = 16;
    private const int LongPromptTokens = 96;

    /// <summary>Medians over rounds in which a shallow and a deep chain take turns, the first round left out.</summary>
    /// <param name="speculator">Whom; it is released again.</param>
    /// <param name="vocabularySize">Token ids.</param>
    public static DraftCost Measure(ISpeculator speculator, int vocabularySize)
    {
        var sequence = Sequence(-1, PromptTokens, vocabularySize);
        var shallow = new List<double>();
        var deep = new List<double>();
        var reading = new List<double>();
        for (int round = -1; round < Rounds; round++)
        {
            double one = Seconds(speculator, sequence, 1), many = Seconds(speculator, sequence, Deep);
            double fewRead = FirstCall(speculator, -2, PromptTokens, vocabularySize), manyRead = FirstCall(speculator, -3, LongPromptTokens, vocabularySize);
            if (round < 0) continue;
            reading.Add((manyRead - fewRead) / (LongPromptTokens - PromptTokens));
            shallow.Add(one);
            deep.Add(many);
        }
        speculator.Release(sequence);
        double perLevel = Math.Max(0, (Percentiles.Median(deep) - Percentiles.Median(shallow)) / (Deep - 1));
        return new DraftCost(Math.Max(0, Percentiles.Median(shallow) - perLevel), perLevel, 0) { PerRead = Math.Max(0, Percentiles.Median(reading)) };
    }

    // A call for a sequence that the speculator has not seen.
    private static double FirstCall(ISpeculator speculator, long id, int promptTokens, int vocabularySize)
    {
        var sequence = Sequence(id, promptTokens, vocabularySize);
        double seconds = Seconds(speculator, sequence, 1);
        speculator.Release(sequence);
        return seconds;
    }

    // No id of real traffic is negative.
    private static DecodeSequence Sequence(long id, int promptTokens, int vocabularySize)
    {
        return new DecodeSequence(id, BenchmarkRows.Tokens(promptTokens, vocabularySize), SamplingOptions.Greedy, new StopRules(Deep + 1, []), Deep);
    }

    private static double Seconds(ISpeculator speculator, DecodeSequence sequence, int depth)
    {
        sequence.Draft.Clear();
        sequence.Budget = DraftBudget.Chain(depth);
        long start = Stopwatch.GetTimestamp();
        speculator.Propose([sequence]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
