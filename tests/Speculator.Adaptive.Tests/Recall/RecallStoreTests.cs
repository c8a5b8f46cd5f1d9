using Atlas.Speculator.Adaptive.Recall;
using Atlas.Speculator.Adaptive.Voting;

namespace Atlas.Speculator.Adaptive.Tests.Recall;

public sealed class RecallStoreTests
{
    private const int Depth = 6;

    /// <summary>All positions ever appended, and the plain way to look them up.</summary>
    private sealed class Naive
    {
        public readonly List<(sbyte[] Key, int Token, long Next)> All = [];

        public List<(float Similarity, int[] Following)> Find(long position, RecallStore store, RecallOptions options)
        {
            var (key, token, _) = All[(int)position];
            return
            [
                .. Enumerable.Range(0, All.Count).Reverse().Where(i => store.Holds(i) && All[i].Token == token).Take(options.MostCompared)
                    .Where(i => All[i].Next != RecallStore.None)
                    .Select(i => (Similarity: StateKey.Similarity(key, All[i].Key), Following: Following(i)))
                    .OrderByDescending(found => found.Similarity).Take(options.Voters),
            ];
        }

        private int[] Following(long position)
        {
            int[] tokens = new int[Depth];
            for (int i = 0; i < Depth; i++)
            {
                position = position == RecallStore.None ? position : All[(int)position].Next;
                tokens[i] = position == RecallStore.None ? MatchSet.None : All[(int)position].Token;
            }
            return tokens;
        }
    }

    [Theory]
    [InlineData(1, 12, 512)]
    [InlineData(2, 12, 20)]
    [InlineData(3, 300_000, 512)]
    [InlineData(4, 1, 40)]
    public void Lookups_are_those_of_a_list_of_all_positions(int seed, int vocabulary, int compared)
    {
        var random = new Random(seed);
        // Four times as much is appended as it holds.
        var options = new RecallOptions { VocabularySize = vocabulary, Capacity = RecallPage.Length, MostCompared = compared, Voters = 5 };
        var store = new RecallStore(options);
        var naive = new Naive();
        long[] texts = [.. Enumerable.Repeat(RecallStore.None, 5)];
        var matches = new MatchSet(Depth);
        float[] similarity = new float[MatchSet.MostMatches];
        for (int i = 0; i < 4 * RecallPage.Length; i++)
        {
            int text = random.Next(texts.Length);
            if (random.Next(50) == 0) texts[text] = RecallStore.None;
            sbyte[] key = [.. Enumerable.Range(0, StateKey.Width).Select(_ => (sbyte)random.Next(-60, 61))];
            // Tokens that share a chain are mixed in where the vocabulary is large.
            int token = vocabulary > 1 << 16 ? random.Next(4) * (1 << 16) + random.Next(3) : random.Next(vocabulary);
            long position = store.Append(texts[text], key, token);
            Assert.Equal(i, position);
            if (texts[text] != RecallStore.None) naive.All[(int)texts[text]] = naive.All[(int)texts[text]] with { Next = position };
            naive.All.Add((key, token, RecallStore.None));
            texts[text] = position;
            if (i % 17 != 0) continue;
            Assert.Null(store.CheckIntegrity());
            matches.Clear(Depth);
            store.Find(position, key, matches, similarity);
            // With tokens on one chain, others' positions count among those that are looked at.
            if (vocabulary > 1 << 16) continue;
            var expected = naive.Find(position, store, options);
            Assert.Equal(expected.Select(e => e.Similarity), similarity.Take(matches.Count));
            for (int match = 0; match < matches.Count; match++)
                Assert.Equal(expected[match].Following, Enumerable.Range(0, Depth).Select(depth => matches.Following(match, depth)));
        }
        Assert.Null(store.CheckIntegrity());
        Assert.False(store.Holds(store.Appended - store.Capacity - 1));
        Assert.True(store.Holds(store.Appended - store.Capacity));
    }

    [Fact]
    public void Tokens_of_one_chain_are_never_taken_for_each_other()
    {
        var store = new RecallStore(new RecallOptions { VocabularySize = 1 << 17 });
        sbyte[] key = [.. Enumerable.Repeat((sbyte)40, StateKey.Width)];
        const int other = 5 + (1 << 16);
        store.Append(store.Append(RecallStore.None, key, other), key, 1);
        store.Append(store.Append(RecallStore.None, key, 5), key, 2);
        long last = store.Append(RecallStore.None, key, 5);
        var matches = new MatchSet(Depth);
        matches.Clear(Depth);
        store.Find(last, key, matches, new float[MatchSet.MostMatches]);
        Assert.Equal(1, matches.Count);
        Assert.Equal(2, matches.Following(0, 0));
        Assert.Equal(MatchSet.None, matches.Following(0, 1));
    }

    [Fact]
    public void It_grows_up_to_its_capacity_and_allocates_nothing_else()
    {
        var store = new RecallStore(new RecallOptions { VocabularySize = 100, Capacity = 3 * RecallPage.Length });
        Assert.Equal(4 * RecallPage.Length, store.Capacity);
        sbyte[] key = new sbyte[StateKey.Width];
        var matches = new MatchSet(Depth);
        float[] similarity = new float[MatchSet.MostMatches];
        long last = RecallStore.None;
        void Fill(long count)
        {
            for (long i = 0; i < count; i++)
            {
                last = store.Append(last, key, (int)(i % 7));
                matches.Clear(Depth);
                store.Find(last, key, matches, similarity);
            }
        }
        Fill(store.Capacity);
        long full = store.Bytes, before = GC.GetAllocatedBytesForCurrentThread();
        Fill(2 * store.Capacity);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(full, store.Bytes);
        // Seven chains that have grown to what a lookup compares.
        Assert.InRange((double)full / store.Capacity, 12, 12 + 100 * 7 * 512 / (double)store.Capacity);
    }

    [Fact]
    public void Chains_of_former_traffic_give_their_memory_back()
    {
        var store = new RecallStore(new RecallOptions { VocabularySize = 20_000, Capacity = 2 * RecallPage.Length });
        sbyte[] key = new sbyte[StateKey.Width];
        long last = RecallStore.None, most = 0;
        for (int i = 0; i < 12 * store.Capacity; i++)
        {
            // Each thousand tokens are of another part of the vocabulary; one of them is in all of it, rarely.
            last = store.Append(last, key, i % 100 == 0 ? 19_999 : i / 1_000 * 200 + i % 50);
            most = Math.Max(most, store.Bytes);
        }
        Assert.Null(store.CheckIntegrity());
        // Up to two rounds of positions, in rings twice as long as they need be, and the table of chains.
        Assert.InRange(most, 1, 20_000 * 16 + store.Capacity * (12 + 4 * 80));
    }
}
