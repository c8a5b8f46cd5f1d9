using Atlas.Modeling;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>What <see cref="StepBenchmark"/> is to measure.</summary>
public sealed record StepBenchmarkOptions
{
    /// <summary>The target's shape; its context is that of every sequence.</summary>
    public BenchmarkShape Target { get; init; } = new();

    /// <summary>The draft model's shape; its vocabulary and context are the target's.</summary>
    public BenchmarkShape Draft { get; init; } = new() { Layers = 4, Width = 512, Heads = 8, KvHeads = 4, FeedForward = 1408 };

    /// <summary>How both keep their matrices.</summary>
    public WeightFormat Format { get; init; } = WeightFormat.BF16;

    /// <summary>Sequences of a forward, ascending from 1.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 8];

    /// <summary>Rows of each sequence in a forward, ascending from 1.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [1, 8, 32];

    /// <summary>Draft tokens of the whole speculative step.</summary>
    public int Lookahead { get; init; } = 7;

    /// <summary>Rounds, 1 or more. In each, everything takes its turn; medians are taken over rounds.</summary>
    public int Rounds { get; init; } = 11;

    /// <summary>The draft model's shape with what it shares with the target.</summary>
    public BenchmarkShape DraftShape => Draft with { Vocabulary = Target.Vocabulary, Context = Target.Context };
}
