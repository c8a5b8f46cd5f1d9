using Atlas.Core.Drafting;
using Atlas.Evaluation.Benchmarks;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class SuffixBenchmarkTests
{
    private static readonly SuffixOptions Options = new() { VocabularySize = 100 };

    [Fact]
    public void Measures_the_calls_it_was_asked_for_over_the_store_it_was_asked_for()
    {
        var cost = new SuffixBenchmark(Texts(400), Options, DraftBudget.Chain(4)).Run(stored: 5000, calls: 3000);
        Assert.InRange(cost.StoredTokens, 5000, 5300);
        Assert.Equal(3000, cost.Calls);
        Assert.True(cost.MicrosecondsPerCall > 0 && cost.MicrosecondsP99 >= cost.MicrosecondsPerCall);
        Assert.True(cost.MicrosecondsPerToken > 0 && cost.MicrosecondsPerAppend > 0 && cost.BytesPerToken > 4);
        // Every text is one of two: what follows is nearly always known.
        Assert.True(cost.AcceptanceLength > 3);
    }

    [Fact]
    public void Too_little_text_is_said_so()
    {
        var error = Assert.Throws<ArgumentException>(() => new SuffixBenchmark(Texts(20), Options, DraftBudget.Chain(4)).Run(500, 3000));
        Assert.Contains("of 20 recorded ones", error.Message, StringComparison.Ordinal);
    }

    private static RecordedText Texts(int count) =>
        new([.. Enumerable.Range(0, count).Select(i => (Enumerable.Range(0, 90).Select(t => (t * (i % 2 + 2)) % 97).ToArray(), 10))]);
}
