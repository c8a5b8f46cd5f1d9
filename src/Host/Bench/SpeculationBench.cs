using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Benchmarks;
using Atlas.Evaluation.Scoring;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Tokenization;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Host.Bench;

/// <summary>Measures what controller, suffix speculator and learned speculator cost.</summary>
internal static class SpeculationBench
{
    private const int Lookahead = 8;
    private const int Calls = 20_000;
    private const int LearnedSteps = 400;

    // Of what a workload's text has, prompts are read and only completions drafted for.
    private const int TextPerCall = 12;

    // That of the reference target, beside whose step the learned speculator has to be light.
    private static readonly BenchmarkShape Target = new() { Layers = 8, Width = 512, Heads = 8, KvHeads = 4, FeedForward = 1536, Vocabulary = 4096 };

    /// <summary>Measures.</summary>
    /// <param name="engine">Where target and heads run.</param>
    /// <param name="format">How the target's weights are kept.</param>
    /// <param name="suffixTokens">Tokens in the suffix store; 0 leaves it out.</param>
    public static SpeculationCosts Measure(IComputeEngine engine, WeightFormat format, int suffixTokens) =>
        new(new ControllerBenchmark().Measure(), suffixTokens == 0 ? null : Suffix(suffixTokens), Engines.TrainHeads(engine) ? Learned(engine, format) : null);

    // Texts of all workloads in the shipped pair's tokens.
    private static SuffixCost Suffix(int stored)
    {
        string path = Path.Combine(ShippedPair.Find().Target, "tokenizer.json");
        if (!File.Exists(path)) throw new UsageException($"{path} does not exist; expected the shipped pair's vocabulary, or --suffix-tokens 0");
        var tokenizer = Tokenizer.Load(path);
        int calls = Math.Min(Calls, stored);
        var texts = RecordedText.FromWorkloads(tokenizer, stored + (long)TextPerCall * (30_000 + calls), HeldOutPrompt.DefaultSeed);
        return new SuffixBenchmark(texts, new SuffixOptions { VocabularySize = tokenizer.VocabularySize }, DraftBudget.Chain(Lookahead)).Run(stored, calls);
    }

    private static LearnedCost Learned(IComputeEngine engine, WeightFormat format) =>
        new LearnedBenchmark(engine, HeadShape.Of(Target.ToConfig(), engine), SamplingOptions.Greedy).Run(Target, format, LearnedSteps);
}
