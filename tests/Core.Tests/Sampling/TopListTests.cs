using Atlas.Core.Sampling;
using FsCheck;
using FsCheck.Fluent;

namespace Atlas.Core.Tests.Sampling;

public sealed class TopListTests
{
    [Fact]
    public void The_list_equals_the_head_of_a_stable_sort() => Prop.ForAll<int[], byte>((numbers, k) =>
    {
        // Few distinct values, so that ties are common; some masked and broken ones among them.
        var values = numbers.Select(n => (n % 9) switch { 0 => float.NaN, 1 => float.NegativeInfinity, int m => m * 0.5f }).ToArray();
        var best = new (int Index, float Value)[k % 20 + 1];
        int count = TopList.Select(values, best);
        var expected = values.Select((value, index) => (Index: index, Value: value))
            .Where(p => p.Value > float.NegativeInfinity).OrderByDescending(p => p.Value).ThenBy(p => p.Index).Take(best.Length);
        return best[..count].SequenceEqual(expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_lists_of_distinct_values_come_out_sorted()
    {
        var random = new Random(1);
        for (int round = 0; round < 50; round++)
        {
            var values = Enumerable.Range(0, 5000).Select(_ => (float)random.NextDouble()).ToArray();
            var best = new (int Index, float Value)[random.Next(1, 257)];
            Assert.Equal(best.Length, TopList.Select(values, best));
            Assert.Equal(values.OrderDescending().Take(best.Length), best.Select(b => b.Value));
            Assert.All(best, b => Assert.Equal(values[b.Index], b.Value));
        }
    }

    [Fact]
    public void Positive_infinity_comes_first()
    {
        var best = new (int Index, float Value)[2];
        Assert.Equal(2, TopList.Select([1f, float.PositiveInfinity, 2f, float.NaN], best));
        Assert.Equal([1, 2], best.Select(b => b.Index));
    }
}
