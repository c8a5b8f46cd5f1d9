using Atlas.Core.Sampling;
using FsCheck;
using FsCheck.Fluent;

namespace Atlas.Core.Tests.Sampling;

public sealed class TokenCountsTests
{
    [Fact]
    public void Counts_equal_those_of_a_dictionary() => Prop.ForAll<int[], bool>((numbers, reserve) =>
    {
        var counts = new TokenCounts();
        if (reserve) counts.Reserve(numbers.Length);
        var expected = new Dictionary<int, int>();
        foreach (int number in numbers)
        {
            // Tokens that collide in a small table, and token 0.
            int token = (number & int.MaxValue) % 40 * 4096;
            bool prompt = number < 0;
            expected[token] = expected.GetValueOrDefault(token) + (prompt ? 0 : 1);
            if (prompt) counts.AddPrompt(token);
            else counts.AddOutput(token);
        }
        return counts.Distinct == expected.Count && All(counts).OrderBy(p => p.Key).SequenceEqual(expected.OrderBy(p => p.Key));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_empty_table_has_no_tokens()
    {
        Assert.Empty(All(new TokenCounts()));
        Assert.Equal(0, new TokenCounts().Distinct);
    }

    [Fact]
    public void Adding_after_reserving_allocates_nothing()
    {
        var counts = new TokenCounts();
        counts.Reserve(5000);
        counts.AddOutput(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < 5000; i++) counts.AddOutput(i * 31);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(5000, counts.Distinct);
    }

    private static List<KeyValuePair<int, int>> All(TokenCounts counts)
    {
        var all = new List<KeyValuePair<int, int>>();
        for (int slot = 0; slot < counts.Slots; slot++)
            if (counts.TryGet(slot, out int token, out int outputs))
                all.Add(new(token, outputs));
        return all;
    }
}
