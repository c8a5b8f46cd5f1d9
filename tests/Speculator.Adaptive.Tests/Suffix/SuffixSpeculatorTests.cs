using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Speculator.Adaptive.Suffix;

namespace Atlas.Speculator.Adaptive.Tests.Suffix;

public sealed class SuffixSpeculatorTests
{
    private static readonly int[] Text = [.. Enumerable.Range(100, 40)];

    [Fact]
    public void Drafts_what_followed_in_the_requests_own_prompt()
    {
        var sequence = Sequences.Open("a", [.. Text, 1, 2, .. Text[..5]]);
        Assert.Equal(Text[5..11], Sequences.Draft(Sequences.Speculator(), sequence, DraftBudget.Chain(6)));
        Assert.Equal("suffix", sequence.Draft.Speculator.Name);
        Assert.All(sequence.Draft.Confidence.ToArray(), c => Assert.InRange(c, 0.3f, 1f));
    }

    [Fact]
    public void Drafts_what_followed_in_an_earlier_request_of_the_namespace()
    {
        var speculator = Sequences.Speculator();
        Sequences.Store(speculator, "a", Text);
        Assert.Equal(Text[5..11], Sequences.Draft(speculator, Sequences.Open("a", [7, .. Text[..5]]), DraftBudget.Chain(6)));
    }

    [Fact]
    public void Keeps_up_with_what_was_emitted_without_being_told()
    {
        var speculator = Sequences.Speculator();
        var sequence = Sequences.Open("a", [.. Text, 1, 2, .. Text[..5]]);
        Sequences.Draft(speculator, sequence, DraftBudget.Chain(2));
        Sequences.Emit(sequence, Text[5], Text[6], 900, Text[20], Text[21]);
        // A step that drafts nothing, and then the next.
        Assert.Empty(Sequences.Draft(speculator, sequence, DraftBudget.None));
        Sequences.Emit(sequence, Text[22]);
        Assert.Equal(Text[23..27], Sequences.Draft(speculator, sequence, DraftBudget.Chain(4)));
    }

    [Fact]
    public void Samples_decoded_together_draft_from_each_other_at_once()
    {
        var speculator = Sequences.Speculator();
        DecodeSequence first = Sequences.Open("a", [1, 2, 3]), second = Sequences.Open("a", [1, 2, 3]);
        Sequences.Emit(first, Text);
        Sequences.Emit(second, Text[..4]);
        second.Budget = DraftBudget.Chain(5);
        speculator.Propose([second, first]);
        Assert.Equal(Text[4..9], second.Draft.Tokens.ToArray());
    }

    [Fact]
    public void A_namespace_never_drafts_from_anothers_text()
    {
        var speculator = Sequences.Speculator();
        Sequences.Store(speculator, "a", Text);
        var running = Sequences.Open("a", [3, .. Text]);
        speculator.Propose([running]);
        Assert.Empty(Sequences.Draft(speculator, Sequences.Open("b", [7, .. Text[..5]]), DraftBudget.Chain(6)));
        // Nor through the indexes that released sequences leave to the next.
        speculator.Release(running);
        Assert.Empty(Sequences.Draft(speculator, Sequences.Open("b", [7, .. Text[..5]]), DraftBudget.Chain(6)));
        Assert.NotEmpty(Sequences.Draft(speculator, Sequences.Open("a", [7, .. Text[..5]]), DraftBudget.Chain(6)));
    }

    [Fact]
    public void A_forgotten_namespace_is_empty_also_for_sequences_that_run()
    {
        var speculator = Sequences.Speculator();
        Sequences.Store(speculator, "a", Text);
        Sequences.Store(speculator, "b", Text);
        var running = Sequences.Open("a", [7, .. Text[..5]]);
        Assert.NotEmpty(Sequences.Draft(speculator, running, DraftBudget.Chain(6)));
        Assert.True(speculator.Forget("a"));
        Assert.False(speculator.Forget("a"));
        Assert.Empty(Sequences.Draft(speculator, running, DraftBudget.Chain(6)));
        Assert.NotEmpty(Sequences.Draft(speculator, Sequences.Open("b", [7, .. Text[..5]]), DraftBudget.Chain(6)));
        speculator.Release(running);
        Assert.Null(speculator.Store("a")!.CheckIntegrity());
    }

    [Fact]
    public void Over_the_memory_limit_the_least_recently_used_namespace_goes()
    {
        var one = new SuffixStore(new SuffixStoreOptions { Capacity = 4096, PageBits = 10 });
        var stream = one.Open();
        one.Extend(stream, Enumerable.Range(0, 900).ToArray());
        var speculator = new SuffixSpeculator(new SuffixOptions
        {
            VocabularySize = Sequences.Vocabulary,
            Shared = one.Options,
            MemoryLimit = one.Bytes * 5 / 2,
        });
        foreach (string name in new[] { "a", "b", "c" })
            Sequences.Store(speculator, name, [.. Enumerable.Range(0, 900)]);
        Assert.Equal(["b", "c"], speculator.Namespaces.Order());
        // Namespaces that are being decoded in stay.
        var running = Sequences.Open("b", [1, 2]);
        speculator.Propose([running]);
        Sequences.Store(speculator, "d", [.. Enumerable.Range(0, 900)]);
        Assert.Equal(["b", "d"], speculator.Namespaces.Order());
    }

    [Fact]
    public void An_edited_texts_old_version_does_not_outvote_the_current_one()
    {
        // A file that was rewritten eight times: the line's old ending is in eight versions, the new one in the last.
        var speculator = Sequences.Speculator();
        for (int version = 0; version < 8; version++) Sequences.Store(speculator, "a", [500 + version, .. Text[..10], 800, 801, 802]);
        Sequences.Store(speculator, "a", [520, .. Text[..10], 900, 901, 902]);
        var now = Sequences.Open("a", [521, .. Text[..10], 900, 901, 902, 1, 2, .. Text[..10]]);
        Assert.Equal([900, 901, 902], Sequences.Draft(speculator, now, DraftBudget.Chain(3)));
    }

    [Fact]
    public void A_tree_holds_the_alternatives_with_falling_confidence()
    {
        var speculator = Sequences.Speculator();
        foreach (int next in new[] { 800, 800, 800, 810, 820 }) Sequences.Store(speculator, "a", [.. Text[..6], next, next + 1, next + 2]);
        var sequence = Sequences.Open("a", [7, .. Text[..6]]);
        Sequences.Draft(speculator, sequence, new DraftBudget(3, 8, 2));
        var draft = sequence.Draft;
        var firsts = Enumerable.Range(0, draft.Count).Where(i => draft.Parents[i] == DraftTree.Root).ToList();
        Assert.Equal(2, firsts.Count);
        Assert.Equal(800, draft.Tokens[firsts[0]]);
        Assert.True(draft.Confidence[firsts[0]] > draft.Confidence[firsts[1]]);
        Assert.True(firsts.Sum(i => draft.Confidence[i]) <= 1.1f);
        Assert.Equal(draft.Tokens[firsts[0]] + 1, draft.Tokens[draft.FindChild(firsts[0], 801)]);
        // A chain's budget gives a chain.
        Assert.Equal([800, 801, 802], Sequences.Draft(speculator, sequence, DraftBudget.Chain(3)));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(8, 8, 1)]
    [InlineData(3, 7, 2)]
    [InlineData(32, 32, 4)]
    [InlineData(4, 2, 3)]
    public void A_draft_keeps_to_its_budget(int depth, int nodes, int branches)
    {
        var random = new Random(7);
        var speculator = Sequences.Speculator();
        var sequence = Sequences.Open("a", [.. Enumerable.Range(0, 300).Select(_ => random.Next(4))]);
        for (int step = 0; step < 100; step++)
        {
            Sequences.Draft(speculator, sequence, new DraftBudget(depth, nodes, branches));
            var draft = sequence.Draft;
            Assert.True(draft.Depth <= depth && draft.Count <= nodes);
            for (int node = DraftTree.Root; node < draft.Count; node++)
                Assert.True(draft.Parents.ToArray().Count(parent => parent == node) <= branches);
            Assert.All(draft.Confidence.ToArray(), c => Assert.InRange(c, 0f, 1f));
            Sequences.Emit(sequence, random.Next(4));
        }
    }

    [Fact]
    public void Length_is_bounded_by_the_match_and_by_the_path_confidence()
    {
        // One token matches: one times two, and one more.
        var bounded = new SuffixSpeculator(new SuffixOptions
        {
            VocabularySize = Sequences.Vocabulary,
            DraftPerMatched = 2f,
            DraftOffset = 1,
            MinPathConfidence = 0f,
        });
        Assert.Equal(3, Sequences.Draft(bounded, Sequences.Open("a", [.. Text, 1, Text[0]]), DraftBudget.Chain(20)).Length);
        Assert.Equal(20, Sequences.Draft(bounded, Sequences.Open("b", [.. Text, 1, .. Text[..10]]), DraftBudget.Chain(20)).Length);

        var sequence = Sequences.Open("c", [.. Text, 1, Text[0]]);
        var confident = new SuffixSpeculator(new SuffixOptions { VocabularySize = Sequences.Vocabulary, MinPathConfidence = 0.2f, DraftPerMatched = 99f });
        int length = Sequences.Draft(confident, sequence, DraftBudget.Chain(20)).Length;
        float path = sequence.Draft.Confidence.ToArray().Aggregate(1f, (product, c) => product * c);
        Assert.InRange(length, 1, 19);
        Assert.True(path >= 0.2f);
    }

    [Fact]
    public void Drafts_only_what_masks_and_biases_leave_and_stops_behind_an_end()
    {
        int[] prompt = [.. Text, 1, 2, .. Text[..5]];
        var mask = new TokenMask(Sequences.Vocabulary);
        for (int token = 0; token < Sequences.Vocabulary; token++)
            if (token != Text[7])
                mask.Allow(token);
        var speculator = Sequences.Speculator();
        var masked = Sequences.Open("a", prompt, new SamplingOptions { AllowedTokens = mask });
        Assert.Equal(Text[5..7], Sequences.Draft(speculator, masked, DraftBudget.Chain(6)));
        var bias = new Dictionary<int, float> { [Text[6]] = float.NegativeInfinity };
        var biased = Sequences.Open("b", prompt, new SamplingOptions { LogitBias = bias });
        Assert.Equal(Text[5..6], Sequences.Draft(speculator, biased, DraftBudget.Chain(6)));
        var ending = Sequences.Open("c", prompt, ends: [Text[8]]);
        Assert.Equal(Text[5..9], Sequences.Draft(speculator, ending, DraftBudget.Chain(6)));
        var small = new SuffixSpeculator(new SuffixOptions { VocabularySize = Text[6] });
        Assert.Equal(Text[5..6], Sequences.Draft(small, Sequences.Open("d", prompt), DraftBudget.Chain(6)));
    }

    [Fact]
    public void Under_rejection_sampling_it_drafts_chains_of_point_masses()
    {
        var speculator = Sequences.Speculator();
        foreach (int next in new[] { 800, 810 }) Sequences.Store(speculator, "a", [.. Text[..6], next, next + 1]);
        var sequence = Sequences.Open("a", [7, .. Text[..6]]);
        sequence.KeepDistributions(Sequences.Vocabulary);
        Sequences.Draft(speculator, sequence, new DraftBudget(2, 8, 3));
        Assert.True(sequence.Draft.IsChain && sequence.Draft.Count == 2);
        for (int node = 0; node < 2; node++)
        {
            var row = sequence.DraftProbabilities!.Row(node);
            Assert.Equal(1f, row[sequence.Draft.Tokens[node]]);
            Assert.Equal(Sequences.Vocabulary - 1, row.ToArray().Count(q => q == 0f));
        }
    }

    [Theory]
    [InlineData(8, 8, 1)]
    [InlineData(5, 16, 3)]
    public void Drafting_and_appending_allocate_nothing(int depth, int nodes, int branches)
    {
        var random = new Random(8);
        var speculator = new SuffixSpeculator(new SuffixOptions
        {
            VocabularySize = Sequences.Vocabulary,
            Shared = new SuffixStoreOptions { Capacity = 4096, PageBits = 8 },
            Own = new SuffixStoreOptions { Capacity = 1024, PageBits = 8 },
        });
        var batch = Enumerable.Range(0, 4).Select(_ => Sequences.Open("a", [.. Enumerable.Range(0, 2000).Select(_ => random.Next(6))])).ToArray();
        Step(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long drafted = Step(400);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(drafted > 400);

        long Step(int steps)
        {
            long tokens = 0;
            for (int step = 0; step < steps; step++)
            {
                foreach (var sequence in batch)
                {
                    sequence.Draft.Clear();
                    sequence.Budget = new DraftBudget(depth, nodes, branches);
                }
                speculator.Propose(batch);
                foreach (var sequence in batch)
                {
                    tokens += sequence.Draft.Count;
                    for (int i = 0; i < 3; i++) sequence.Emit(new SampledToken(random.Next(6), 0f, 0f));
                }
            }
            return tokens;
        }
    }

    [Fact]
    public void Random_traffic_leaves_every_store_whole()
    {
        var random = new Random(9);
        var speculator = new SuffixSpeculator(new SuffixOptions
        {
            VocabularySize = Sequences.Vocabulary,
            Shared = new SuffixStoreOptions { Capacity = 1500, PageBits = 7 },
            Own = new SuffixStoreOptions { Capacity = 300, PageBits = 6 },
            MemoryLimit = 150_000,
        });
        var running = new List<DecodeSequence>();
        for (int step = 0; step < 1500; step++)
        {
            int what = random.Next(20);
            if (what == 0 && running.Count > 0)
            {
                speculator.Release(running[0]);
                running.RemoveAt(0);
            }
            else if (what == 1) speculator.Forget($"n{random.Next(4)}");
            else if (running.Count < 12 && what < 6)
                running.Add(Sequences.Open($"n{random.Next(4)}", [.. Enumerable.Range(0, 1 + random.Next(200)).Select(_ => random.Next(5))]));
            foreach (var sequence in running)
            {
                sequence.Draft.Clear();
                sequence.Budget = new DraftBudget(4, 8, 2);
            }
            speculator.Propose(running.ToArray());
            foreach (var sequence in running)
                if (sequence.Length < 1500)
                    for (int i = random.Next(5); i > 0; i--)
                        Sequences.Emit(sequence, random.Next(5));
            if (step % 50 != 0) continue;
            foreach (string name in speculator.Namespaces) Assert.Null(speculator.Store(name)!.CheckIntegrity());
        }
    }
}
