using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

public sealed class ContextTableTests
{
    [Fact]
    public void Keeps_the_newest_position_of_every_context_while_it_doubles()
    {
        var random = new Random(1);
        var table = new ContextTable(8, 8);
        ulong[] hashes = [.. Enumerable.Range(0, 3000).Select(_ => (ulong)random.NextInt64() * 2654435761UL ^ (ulong)random.NextInt64())];
        var newest = new Dictionary<ulong, int>();
        int wrong = 0;
        for (int position = 0; position < 30_000; position++)
        {
            // Contexts come into use one after the other, as texts grow.
            ulong hash = hashes[random.Next(Math.Min(hashes.Length, 10 + (position / 5)))];
            if (table.Exchange(hash, position) != newest.GetValueOrDefault(hash, ContextTable.None)) wrong++;
            newest[hash] = position;
            table.Advance(position, 20f);
            if (position % 3000 == 0) Assert.Null(table.Fault(position + 1));
        }
        Assert.Equal(8 << 8, table.Buckets);
        // Two contexts may share a tag, but hardly ever.
        Assert.True(wrong < 10, $"{wrong} of 30000 answers differ");
    }

    [Fact]
    public void A_full_bucket_gives_up_contexts_that_are_not_used()
    {
        var random = new Random(2);
        var table = new ContextTable(1, 0);
        ulong used = 0x1234_5678_9abc_0001;
        table.Exchange(used, 0);
        for (int position = 1; position < 1000; position++)
        {
            table.Exchange(((ulong)random.NextInt64() << 16) | (ushort)(position + 1), position);
            if (position % 3 == 0) Assert.NotEqual(ContextTable.None, table.Exchange(used, position));
        }
        Assert.Null(table.Fault(1000));
    }

    [Fact]
    public void Emptied_it_knows_nothing()
    {
        var table = new ContextTable(4, 2);
        for (int i = 0; i < 100; i++)
        {
            table.Exchange((ulong)i * 0x9e3779b97f4a7c15, i);
            table.Advance(i, 4f);
        }
        table.Clear();
        for (int i = 0; i < 100; i++) Assert.Equal(ContextTable.None, table.Exchange((ulong)i * 0x9e3779b97f4a7c15, i));
    }
}
