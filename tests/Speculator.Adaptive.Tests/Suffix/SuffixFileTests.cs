using Atlas.Modeling;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

public sealed class SuffixFileTests
{
    private const int Vocabulary = 50;

    private static readonly SuffixStoreOptions Options = new() { Capacity = 2048, PageBits = 6 };

    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    public void A_loaded_store_holds_the_same_texts_and_finds_the_same(int texts)
    {
        var store = Filled(texts);
        var loaded = SuffixFile.Load(new MemoryStream(Bytes(store)), Options, Vocabulary);
        Assert.Null(loaded.CheckIntegrity());
        var kept = loaded.Texts().Select(t => t.ToArray()).ToList();
        var saved = store.Texts().Select(t => t.ToArray()).ToList();
        // A text whose beginning was evicted begins with a separator again, so the fuller store may lose a little more of its oldest.
        Assert.Equal(saved[^(kept.Count - 1)..], kept[1..]);
        int[] context = saved[^1][..10];
        Assert.Equal(Found(store, context), Found(loaded, context));
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        byte[] bytes = Bytes(Filled(2));
        for (int at = 0; at < bytes.Length; at++)
            foreach (byte change in new byte[] { 1, 0x80, 0xff })
            {
                byte[] changed = [.. bytes];
                changed[at] ^= change;
                Assert.Throws<CheckpointException>(() => SuffixFile.Load(new MemoryStream(changed), Options, Vocabulary));
            }
    }

    [Fact]
    public void Every_file_cut_short_is_noticed()
    {
        byte[] bytes = Bytes(Filled(2));
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<CheckpointException>(() => SuffixFile.Load(new MemoryStream(bytes, 0, length), Options, Vocabulary));
    }

    [Fact]
    public void Random_bytes_behind_the_magic_are_an_error_and_take_no_memory()
    {
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = new byte[8 + random.Next(200)];
            random.NextBytes(bytes);
            "ATLASFX1"u8.CopyTo(bytes);
            // A text said to be as long as can be.
            if (i % 3 == 0 && bytes.Length > 12) (bytes[8], bytes[9], bytes[10], bytes[11]) = (0xff, 0xff, 0xff, 0x7f);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<CheckpointException>(() => SuffixFile.Load(new MemoryStream(bytes), Options, Vocabulary));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        }
    }

    [Fact]
    public void Tokens_of_another_vocabulary_are_refused()
    {
        byte[] bytes = Bytes(Filled(3));
        var error = Assert.Throws<CheckpointException>(() => SuffixFile.Load(new MemoryStream(bytes), Options, Vocabulary / 2));
        Assert.Contains("expected 0 to 24", error.Message, StringComparison.Ordinal);
    }

    private static SuffixStore Filled(int texts)
    {
        var random = new Random(4);
        var store = new SuffixStore(Options);
        for (int text = 0; text < texts; text++)
        {
            var stream = store.Open();
            store.Extend(stream, Enumerable.Range(0, 20 + random.Next(100)).Select(_ => random.Next(Vocabulary)).ToArray());
            store.Close(stream);
        }
        return store;
    }

    private static byte[] Bytes(SuffixStore store)
    {
        using var stream = new MemoryStream();
        SuffixFile.Save(store, stream);
        return stream.ToArray();
    }

    private static List<(int, int)> Found(SuffixStore store, int[] context)
    {
        var stream = store.Open();
        store.Extend(stream, context);
        var matches = new MatchSet(1);
        matches.Clear(1);
        store.Find(stream, context, matches, new MatchLimits(8, 50, 8, true));
        store.Close(stream);
        return [.. Enumerable.Range(0, matches.Count).Select(i => (matches.Length(i), matches.Following(i, 0)))];
    }
}
