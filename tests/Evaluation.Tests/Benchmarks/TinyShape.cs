using Atlas.Evaluation.Benchmarks;

namespace Atlas.Evaluation.Tests.Benchmarks;

/// <summary>A shape that takes no time.</summary>
internal static class TinyShape
{
    public static BenchmarkShape Value { get; } = new()
    {
        Layers = 2,
        Width = 64,
        Heads = 4,
        KvHeads = 2,
        FeedForward = 128,
        Vocabulary = 300,
        Context = 40,
    };

    /// <summary>Weights of both blocks, counted by hand: query and output, key and value, gate, up and down.</summary>
    public const int BlockWeights = 2 * (2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 128);

    public const int HeadWeights = 300 * 64;
}
