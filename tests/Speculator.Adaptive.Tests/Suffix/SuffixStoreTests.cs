using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

public sealed class SuffixStoreTests
{
    private const int Depth = 6;

    private static readonly MatchLimits Unlimited = new(MatchSet.MostMatches, int.MaxValue, int.MaxValue, false);

    public static TheoryData<int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int>();
            foreach (int alphabet in new[] { 2, 4, 20 })
                for (int seed = 0; seed < 8; seed++)
                    cases.Add(alphabet, seed);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finds_what_brute_force_finds_in_the_same_order(int alphabet, int seed)
    {
        var random = new Random(seed * 100 + alphabet);
        // So large a table that it gives up no context.
        var store = new SuffixStore(new SuffixStoreOptions { Capacity = 1 << 14, PageBits = 6, TokensPerBucket = 1f });
        var naive = new NaiveStore();
        var streams = new List<(SuffixStream Stream, int Text)>();
        var matches = new MatchSet(Depth);
        for (int step = 0; step < 400; step++)
        {
            if (streams.Count == 0 || random.Next(40) == 0) streams.Add((store.Open(), naive.Open()));
            var (stream, text) = streams[random.Next(streams.Count)];
            for (int i = random.Next(1, 5); i > 0; i--) naive.Append(text, Token(random, naive.Text(text), alphabet));
            store.Extend(stream, naive.Text(text));
            bool foreignOnly = random.Next(2) == 0;
            matches.Clear(Depth);
            store.Find(stream, naive.Text(text), matches, Unlimited with { ForeignOnly = foreignOnly });
            var expected = naive.Find(text, store.Options.ContextLengths, Depth, foreignOnly);
            Assert.Equal(Math.Min(expected.Count, MatchSet.MostMatches), matches.Count);
            for (int match = 0; match < matches.Count; match++)
            {
                Assert.Equal(expected[match].Length, matches.Length(match));
                Assert.Equal(expected[match].Following, Following(matches, match));
            }
        }
        Assert.Null(store.CheckIntegrity());
        Assert.Equal(naive.Text(0).ToArray(), store.Texts().First());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Under_eviction_every_match_is_in_the_text_that_is_left(int alphabet, int seed)
    {
        var random = new Random(seed * 100 + alphabet);
        const int capacity = 1024;
        var store = new SuffixStore(new SuffixStoreOptions { Capacity = capacity, PageBits = 6 });
        var streams = new List<(SuffixStream Stream, List<int> Text)>();
        var matches = new MatchSet(Depth);
        for (int step = 0; step < 1500; step++)
        {
            if (streams.Count == 0 || random.Next(30) == 0) streams.Add((store.Open(), []));
            int one = random.Next(streams.Count);
            if (streams.Count > 1 && random.Next(streams.Count > 10 ? 4 : 40) == 0)
            {
                store.Close(streams[one].Stream);
                streams.RemoveAt(one);
                continue;
            }
            var (stream, text) = streams[one];
            for (int i = random.Next(1, 12); i > 0; i--) text.Add(Token(random, Span(text), alphabet));
            store.Extend(stream, Span(text));
            Assert.True(store.Stored <= capacity);
            matches.Clear(Depth);
            store.Find(stream, Span(text), matches, Unlimited with { Steps = 50 });
            if (step % 10 != 0) continue;
            Assert.Null(store.CheckIntegrity());
            var left = store.Texts().Select(t => t.ToArray()).ToList();
            for (int match = 0; match < matches.Count; match++) AssertIsIn(left, text, matches, match);
        }
        Assert.True(store.Appended > 4 * capacity);
    }

    [Fact]
    public void The_oldest_text_is_evicted_and_the_newest_found()
    {
        var store = new SuffixStore(new SuffixStoreOptions { Capacity = 1024, PageBits = 6 });
        for (int text = 0; text < 40; text++)
        {
            var written = store.Open();
            store.Extend(written, Enumerable.Range(0, 100).Select(i => (text * 1000) + i).ToArray());
            store.Close(written);
        }
        Assert.Null(store.CheckIntegrity());
        Assert.Equal(Enumerable.Range(39_010, Depth), Lookup(39));
        Assert.Equal(Enumerable.Range(37_010, Depth), Lookup(37));
        for (int text = 0; text < 25; text++) Assert.Empty(Lookup(text));

        int[] Lookup(int text)
        {
            int[] context = [.. Enumerable.Range(text * 1000, 10)];
            var stream = store.Open();
            store.Extend(stream, context);
            var matches = new MatchSet(Depth);
            matches.Clear(Depth);
            store.Find(stream, context, matches, Unlimited);
            store.Close(stream);
            return matches.Count == 0 ? [] : Following(matches, 0);
        }
    }

    [Fact]
    public void More_growing_texts_than_blocks_are_refused_and_harm_nothing()
    {
        var store = new SuffixStore(new SuffixStoreOptions { Capacity = 256, PageBits = 6 });
        var streams = Enumerable.Range(0, 10).Select(_ => store.Open()).ToList();
        int[] text = [.. Enumerable.Range(0, 300)];
        for (int length = 1; length <= text.Length; length++)
            foreach (var stream in streams)
                store.Extend(stream, text.AsSpan(0, length));
        Assert.Null(store.CheckIntegrity());
        Assert.True(store.Stored <= 256);
        foreach (var stream in streams) store.Close(stream);
        var after = store.Open();
        store.Extend(after, text);
        Assert.Equal(text.Length, after.Length);
        Assert.Null(store.CheckIntegrity());
    }

    [Fact]
    public void At_equal_match_length_the_newest_occurrence_comes_first()
    {
        var store = new SuffixStore(new SuffixStoreOptions());
        for (int version = 0; version < 5; version++)
        {
            var stream = store.Open();
            store.Extend(stream, [100 + version, 1, 2, 3, 50 + version, 7]);
            store.Close(stream);
        }
        var now = store.Open();
        store.Extend(now, [9, 1, 2, 3]);
        var matches = new MatchSet(1);
        matches.Clear(1);
        store.Find(now, [9, 1, 2, 3], matches, Unlimited);
        Assert.Equal([54, 53, 52, 51, 50], Enumerable.Range(0, 5).Select(i => matches.Following(i, 0)));
        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 5).Select(matches.Rank));
    }

    [Fact]
    public void A_text_that_repeats_itself_is_continued_past_its_end()
    {
        var store = new SuffixStore(new SuffixStoreOptions());
        int[] text = [1, 2, 3, 1, 2, 3, 1];
        var stream = store.Open();
        store.Extend(stream, text);
        var matches = new MatchSet(8);
        matches.Clear(8);
        store.Find(stream, text, matches, Unlimited);
        Assert.Equal([2, 3, 1, 2, 3, 1, 2, 3], Following(matches, 0));
    }

    [Fact]
    public void Memory_is_bounded_and_no_more_than_64_bytes_per_token()
    {
        var store = new SuffixStore(new SuffixStoreOptions { Capacity = 200_000 });
        var random = new Random(3);
        long full = 0;
        for (int text = 0; text < 600; text++)
        {
            var stream = store.Open();
            store.Extend(stream, Enumerable.Range(0, 1000).Select(_ => random.Next(3000)).ToArray());
            store.Close(stream);
            if (text == 300) full = store.Bytes;
        }
        Assert.True(store.Stored > 190_000);
        Assert.True(store.Bytes <= 64 * store.Stored, $"{(double)store.Bytes / store.Stored} bytes per token");
        Assert.Equal(full, store.Bytes);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public void Options_out_of_range_are_refused(int capacity) =>
        Assert.Throws<ArgumentException>(() => new SuffixStore(new SuffixStoreOptions { Capacity = capacity }));

    private static Span<int> Span(List<int> text) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text);

    // Random, with copies from earlier in the text, so that matches get long.
    private static int Token(Random random, ReadOnlySpan<int> text, int alphabet) =>
        text.Length > 20 && random.Next(10) < 8 ? text[text.Length - 17 + random.Next(2)] : random.Next(alphabet);

    private static int[] Following(MatchSet matches, int match) =>
        [.. Enumerable.Range(0, matches.Depth).Select(depth => matches.Following(match, depth)).TakeWhile(token => token >= 0)];

    private static void AssertIsIn(List<int[]> texts, List<int> context, MatchSet matches, int match)
    {
        int[] following = Following(matches, match);
        int[] matched = [.. context.TakeLast(matches.Length(match))];
        foreach (int[] text in texts)
            for (int start = 0; start + matched.Length <= text.Length; start++)
            {
                if (!text.AsSpan(start, matched.Length).SequenceEqual(matched)) continue;
                var rest = text.AsSpan(start + matched.Length);
                int same = rest.CommonPrefixLength(following);
                if (same == following.Length) return;
                // Past the end of the growing text the continuation repeats with the period of what there was.
                if (same > 0 && same == rest.Length && following.AsSpan(same).SequenceEqual(following.AsSpan(0, following.Length - same))) return;
            }
        Assert.Fail($"a match of {matched.Length} tokens, followed by {string.Join(' ', following)}, is in no text that is left");
    }
}
