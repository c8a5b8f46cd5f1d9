using System.Diagnostics;
using Atlas.Controller.Latency;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Host.Speculation;

/// <summary>Times a speculator's chains before there is traffic: what a call costs and what each level of depth adds.</summary>
internal static class DraftProbe
{
    private const int Deep = 5;
    private const int Rounds = 7;
    private const int PromptTokens = 16;

    /// <summary>Medians over rounds in which a shallow and a deep chain take turns, the first round left out.</summary>
    /// <param name="speculator">Whom; it is released again.</param>
    /// <param name="vocabularySize">Token ids.</param>
    public static DraftCost Measure(ISpeculator speculator, int vocabularySize)
    {
        int[] prompt = [.. Enumerable.Range(0, PromptTokens).Select(i => (i * 37 + 11) % vocabularySize)];
        // No id of real traffic is negative.
        var sequence = new DecodeSequence(-1, prompt, SamplingOptions.Greedy, new StopRules(Deep + 1, []), Deep);
        var shallow = new List<double>();
        var deep = new List<double>();
        for (int round = -1; round < Rounds; round++)
        {
            double one = Seconds(speculator, sequence, 1), many = Seconds(speculator, sequence, Deep);
            if (round < 0) continue;
            shallow.Add(one);
            deep.Add(many);
        }
        speculator.Release(sequence);
        double perLevel = Math.Max(0, (Median(deep) - Median(shallow)) / (Deep - 1));
        return new DraftCost(Math.Max(0, Median(shallow) - perLevel), perLevel, 0);
    }

    private static double Seconds(ISpeculator speculator, DecodeSequence sequence, int depth)
    {
        sequence.Draft.Clear();
        sequence.Budget = DraftBudget.Chain(depth);
        long start = Stopwatch.GetTimestamp();
        speculator.Propose([sequence]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
