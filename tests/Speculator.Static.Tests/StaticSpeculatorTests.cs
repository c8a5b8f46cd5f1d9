using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine.Tests.Models;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Static.Tests;

public sealed class StaticSpeculatorTests : IDisposable
{
    private const int Capacity = 12;

    private static readonly DecoderOptions Sizes = new() { Format = WeightFormat.F32, MaxSequences = 3, MaxRows = 40, MaxPending = 24 };

    // Both models are the same: one serves the speculator under test, the other the fresh one it is compared with.
    private readonly TinyPair _pair = new(0, Sizes, Sizes with { MaxRows = 512, MaxPending = 512 }, context: 512);

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData(4, 4, 1, 0f)]
    [InlineData(8, 8, 1, 0.3f)]
    [InlineData(3, 12, 3, 0f)]
    [InlineData(5, 12, 4, 0f)]
    [InlineData(6, 10, 2, 0.1f)]
    public void After_any_acceptances_and_refusals_drafts_equal_those_of_a_fresh_cache(int depth, int nodes, int branches, float minimum)
    {
        var options = new StaticSpeculatorOptions { Candidates = 4, MinPathConfidence = minimum };
        var speculator = new StaticSpeculator(_pair.Target, options);
        var random = new Random(depth * 100 + branches);
        var sequences = Enumerable.Range(1, 3).Select(i => Sequence(i, 1 + random.Next(30))).ToArray();
        for (int step = 0; step < 40; step++)
        {
            foreach (var sequence in sequences)
            {
                sequence.Draft.Clear();
                // Now and then a sequence does not draft, and its cache falls behind.
                sequence.Budget = random.Next(6) == 0 ? DraftBudget.None : new DraftBudget(depth, nodes, branches);
            }
            speculator.Propose(sequences);
            foreach (var sequence in sequences)
            {
                AssertEqual(Fresh(sequence, options), sequence.Draft);
                // Now and then nothing is emitted (the target had no row left).
                if (random.Next(8) > 0) EmitRandomPath(sequence, random);
            }
        }
        Assert.All(sequences, s => Assert.True(s.Output.Length > 40));
    }

    [Fact]
    public void A_chain_is_what_the_draft_model_would_write_itself()
    {
        var speculator = new StaticSpeculator(_pair.Target, new StaticSpeculatorOptions());
        var sequence = Sequence(1, 7, new SamplingOptions { Temperature = 1f, Seed = 9, FrequencyPenalty = 0.5f });
        sequence.Budget = DraftBudget.Chain(6);
        speculator.Propose([sequence]);
        Assert.True(sequence.Draft.IsChain);
        var written = sequence.Draft.Tokens.ToArray();
        Assert.Equal(6, written.Length);
        for (int i = 0; i < written.Length; i++)
        {
            var next = Sequence(50 + i, 7, sequence.Sampling.Options);
            foreach (int token in written[..i]) next.Emit(new SampledToken(token, 0, 0));
            next.Budget = DraftBudget.Chain(1);
            var one = new StaticSpeculator(_pair.Draft, new StaticSpeculatorOptions());
            one.Propose([next]);
            Assert.Equal(written[i], Assert.Single(next.Draft.Tokens.ToArray()));
            one.Release(next);
        }
    }

    [Fact]
    public void A_tree_stays_within_its_budget_and_its_first_children_are_the_best()
    {
        var speculator = new StaticSpeculator(_pair.Target, new StaticSpeculatorOptions { Candidates = 6 });
        foreach (var budget in new DraftBudget[] { new(1, 12, 4), new(2, 5, 2), new(4, 12, 3), new(12, 12, 5), new(5, 3, 3), new(3, 1, 3) })
        {
            var sequence = Sequence(budget.GetHashCode(), 6);
            sequence.Budget = budget;
            speculator.Propose([sequence]);
            var draft = sequence.Draft;
            Assert.InRange(draft.Count, 1, budget.Nodes);
            Assert.InRange(draft.Depth, 1, budget.Depth);
            Assert.Equal(new SpeculatorStamp("static", 0), draft.Speculator);
            for (int node = DraftTree.Root; node < draft.Count; node++)
            {
                var children = Enumerable.Range(0, draft.Count).Where(i => draft.Parents[i] == node).ToArray();
                Assert.InRange(children.Length, 0, budget.Branches);
                var confidence = children.Select(c => draft.Confidence[c]).ToArray();
                Assert.Equal(confidence.OrderDescending(), confidence);
                Assert.All(confidence, c => Assert.InRange(c, 0f, 1f));
                Assert.InRange(confidence.Sum(), 0f, 1.0001f);
            }
            speculator.Release(sequence);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(1.1f)]
    public void Drafting_stops_where_the_gate_says_that_it_does_not_pay(float threshold)
    {
        var (gated, free) = (new StaticSpeculator(_pair.Target, new StaticSpeculatorOptions()), new StaticSpeculator(_pair.Draft, new StaticSpeculatorOptions()));
        for (int i = 0; i < 10; i++)
        {
            var (one, other) = (Sequence(i, 5 + i), Sequence(i, 5 + i));
            one.Budget = DraftBudget.Chain(8) with { Gate = new SquareGate(threshold) };
            other.Budget = DraftBudget.Chain(8);
            gated.Propose([one]);
            free.Propose([other]);
            // A chain goes on from every node whose path has the probability, and from no other.
            int expected = 1;
            float path = 1;
            while (expected < 8 && (path *= other.Draft.Confidence[expected - 1] * other.Draft.Confidence[expected - 1]) >= threshold) expected++;
            Assert.Equal(other.Draft.Tokens[..expected].ToArray(), one.Draft.Tokens.ToArray());
            gated.Release(one);
            free.Release(other);
        }
    }

    [Fact]
    public void Drafting_stops_on_paths_of_low_confidence()
    {
        int all = 0, kept = 0;
        for (int i = 0; i < 20; i++)
        {
            var options = new StaticSpeculatorOptions { MinPathConfidence = 0.5f };
            var (full, stopped) = (Draft(new StaticSpeculatorOptions()), Draft(options));
            Assert.Equal(full.Tokens.ToArray()[..stopped.Count], stopped.Tokens.ToArray());
            float path = 1;
            for (int node = 0; node < stopped.Count; node++)
            {
                Assert.True(path >= 0.5f, $"node {node} follows a path of confidence {path}");
                path *= stopped.Confidence[node];
            }
            if (stopped.Count < full.Count) Assert.True(path < 0.5f, $"stopped at a path confidence of {path}");
            all += full.Count;
            kept += stopped.Count;

            DraftTree Draft(StaticSpeculatorOptions o)
            {
                var speculator = new StaticSpeculator(_pair.Target, o);
                var sequence = Sequence(1, 5 + i);
                sequence.Budget = DraftBudget.Chain(8);
                speculator.Propose([sequence]);
                speculator.Release(sequence);
                return sequence.Draft;
            }
        }
        Assert.InRange(kept, 20, all - 1);
    }

    [Fact]
    public void A_sequence_longer_than_the_draft_models_context_is_not_drafted_for()
    {
        using var pair = new TinyPair(0, Sizes with { ContextLength = 20 });
        var speculator = new StaticSpeculator(pair.Target, new StaticSpeculatorOptions());
        foreach (int length in Enumerable.Range(14, 10))
        {
            var sequence = Sequence(length, length);
            sequence.Budget = DraftBudget.Chain(6);
            speculator.Propose([sequence]);
            // Each draft token but the last takes a place in the draft model's cache.
            Assert.Equal(Math.Clamp(20 - length + 1, 0, 6), sequence.Draft.Count);
            speculator.Release(sequence);
        }
    }

    [Fact]
    public void Released_slots_are_free_again()
    {
        var speculator = new StaticSpeculator(_pair.Target, new StaticSpeculatorOptions());
        for (int id = 0; id < 12; id++)
        {
            var sequence = Sequence(id, 5);
            sequence.Budget = DraftBudget.Chain(2);
            speculator.Propose([sequence]);
            Assert.Equal(2, sequence.Draft.Count);
            speculator.Release(sequence);
        }
        speculator.Release(Sequence(99, 1));
    }

    [Fact]
    public void Sequences_that_keep_distributions_get_the_draft_distribution_of_each_node()
    {
        var speculator = new StaticSpeculator(_pair.Target, new StaticSpeculatorOptions());
        var sequence = Sequence(1, 5, new SamplingOptions { Temperature = 1f, TopK = 20, Seed = 4 });
        sequence.KeepDistributions(_pair.Vocabulary);
        sequence.Budget = DraftBudget.Chain(5);
        speculator.Propose([sequence]);
        Assert.Equal(5, sequence.Draft.Count);
        for (int node = 0; node < 5; node++)
        {
            var q = sequence.DraftProbabilities!.Row(node).ToArray();
            Assert.Equal(1.0, q.Sum(x => (double)x), 1e-4);
            Assert.Equal(20, q.Count(x => x > 0));
            Assert.Equal(q[sequence.Draft.Tokens[node]], sequence.Draft.Confidence[node]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(257)]
    public void Candidates_out_of_range_are_refused(int candidates) =>
        Assert.Throws<ArgumentException>(() => new StaticSpeculator(_pair.Target, new StaticSpeculatorOptions { Candidates = candidates }));

    // What a speculator without history drafts for the same text.
    private DraftTree Fresh(DecodeSequence sequence, StaticSpeculatorOptions options)
    {
        var copy = new DecodeSequence(7, sequence.Tokens[..sequence.PromptLength], sequence.Sampling.Options, sequence.Stop, Capacity);
        foreach (int token in sequence.Output) copy.Emit(new SampledToken(token, 0, 0));
        copy.Budget = sequence.Budget;
        var speculator = new StaticSpeculator(_pair.Draft, options);
        speculator.Propose([copy]);
        speculator.Release(copy);
        return copy.Draft;
    }

    private void EmitRandomPath(DecodeSequence sequence, Random random)
    {
        for (int node = DraftTree.Root; ;)
        {
            var children = new List<int>();
            for (int i = 0; i < sequence.Draft.Count; i++)
                if (sequence.Draft.Parents[i] == node)
                    children.Add(i);
            if (children.Count == 0 || random.Next(4) == 0) break;
            node = children[random.Next(children.Count)];
            sequence.Emit(new SampledToken(sequence.Draft.Tokens[node], 0, 0));
        }
        // The target's own token: mostly none that was drafted.
        sequence.Emit(new SampledToken(random.Next(_pair.Vocabulary), 0, 0));
    }

    private static void AssertEqual(DraftTree expected, DraftTree actual)
    {
        Assert.Equal(expected.Tokens.ToArray(), actual.Tokens.ToArray());
        Assert.Equal(expected.Parents.ToArray(), actual.Parents.ToArray());
        Assert.Equal(expected.Confidence.ToArray(), actual.Confidence.ToArray());
    }

    private static DecodeSequence Sequence(long id, int prompt, SamplingOptions? options = null)
    {
        var random = new Random(prompt);
        var tokens = Enumerable.Range(0, prompt).Select(_ => random.Next(100)).ToArray();
        options ??= new SamplingOptions { Temperature = 0.9f, RepetitionPenalty = 1.1f, FrequencyPenalty = 0.1f, Seed = (ulong)id };
        return new DecodeSequence(id, tokens, options, new StopRules(400, []), Capacity);
    }
}
