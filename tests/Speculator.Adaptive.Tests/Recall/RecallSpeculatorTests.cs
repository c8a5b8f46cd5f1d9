using Atlas.Conformance.Models;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Engine.Tests.Models;
using Atlas.Modeling;
using Atlas.Speculator.Adaptive.Recall;
using Atlas.Speculator.Adaptive.Tests.Learned;
using Atlas.Target;

namespace Atlas.Speculator.Adaptive.Tests.Recall;

/// <summary>The speculator over a tiny random target: the same tokens as without it, and what it has seen it drafts.</summary>
public sealed class RecallSpeculatorTests : IDisposable
{
    private readonly LearnedRig _rig = new();

    [Theory]
    [InlineData("greedy")]
    [InlineData("temperature")]
    [InlineData("top-p")]
    [InlineData("repetition")]
    [InlineData("constraint")]
    [InlineData("all")]
    public void It_changes_no_token(string sampling)
    {
        SamplingOptions Options(int i) => OptionSets.Get(sampling, _rig.Vocabulary, i);
        var plain = _rig.Requests(8, Options);
        _rig.Decode(plain, null, DraftBudget.None);
        var (target, recall) = Recall();
        long accepted = 0;
        foreach (var budget in new[] { DraftBudget.Chain(1), DraftBudget.Chain(4), new DraftBudget(4, 12, 3) })
        {
            var requests = _rig.Requests(8, Options);
            Decode(target, recall, requests, budget);
            SameTexts.Assert(plain, requests);
            accepted += requests.Sum(r => r.Statistics.Accepted);
        }
        Assert.True(accepted > 0, "no draft token was accepted: the test shows nothing");
    }

    [Fact]
    public void What_a_namespace_has_emitted_it_drafts_and_another_does_not()
    {
        var (target, recall) = Recall();
        DecodeSequence One(string name) => _rig.Requests(1, _ => SamplingOptions.Greedy, 40, name)[0];
        DecodeSequence first = One("a"), again = One("a"), foreign = One("b");
        Decode(target, recall, [first], DraftBudget.Chain(4));
        Decode(target, recall, [again], DraftBudget.Chain(4));
        Decode(target, recall, [foreign], DraftBudget.Chain(4));
        Assert.True(first.Output.ToArray().Distinct().Count() > 4, "the text is too plain to show anything");
        // 39 tokens behind the first come at 5 a step when all that is drafted is right.
        Assert.InRange(again.Statistics.Forwards, 9, 12);
        Assert.Equal(first.Statistics.Accepted, foreign.Statistics.Accepted);
        Assert.True(recall.Forget("a"));
        Assert.False(recall.Forget("a"));
        var forgotten = One("a");
        Decode(target, recall, [forgotten], DraftBudget.Chain(4));
        Assert.Equal(first.Statistics.Accepted, forgotten.Statistics.Accepted);
    }

    // A step of policy gradient moves weights by far less.
    [Fact]
    public void Through_a_small_change_of_the_targets_weights_what_was_emitted_is_recalled()
    {
        var (target, recall) = Recall();
        var (_, fresh) = Recall();
        Decode(target, recall, Greedy(), DraftBudget.Chain(4));
        var weights = new TestWeights(_rig.Decoder.Config, 11);
        var random = new Random(3);
        foreach (var tensor in DecoderTensors.Expected(_rig.Decoder.Config))
            foreach (ref float value in weights.Values(tensor.Name).AsSpan())
                value *= 1 + 0.001f * (random.NextSingle() - 0.5f);
        _rig.Decoder.ReplaceWeights(weights);
        DecodeSequence[] again = Greedy(), alone = Greedy();
        Decode(target, recall, again, DraftBudget.Chain(4));
        Decode(target, fresh, alone, DraftBudget.Chain(4));
        Assert.True(again.Sum(r => r.Statistics.Accepted) > 2 * alone.Sum(r => r.Statistics.Accepted));
    }

    [Fact]
    public void Positions_of_quite_another_target_change_no_token_and_give_way_to_its_successors()
    {
        var (target, recall) = Recall();
        for (int i = 0; i < 5; i++) Decode(target, recall, Greedy(), DraftBudget.Chain(4));
        _rig.Decoder.ReplaceWeights(new TestWeights(_rig.Decoder.Config, 99));
        var plain = Greedy();
        _rig.Decode(plain, null, DraftBudget.None);
        DecodeSequence[] first = Greedy(), second = Greedy();
        Decode(target, recall, first, DraftBudget.Chain(4));
        Decode(target, recall, second, DraftBudget.Chain(4));
        SameTexts.Assert(plain, first);
        SameTexts.Assert(plain, second);
        // What was emitted under the new weights outvotes what is left of the old ones: nearly all of it comes back.
        Assert.InRange(second.Sum(r => r.Statistics.Forwards), 1, second.Sum(r => r.Output.Length) / 3);
    }

    [Fact]
    public void A_namespace_that_is_forgotten_under_running_sequences_begins_anew()
    {
        var (target, recall) = Recall();
        var plain = _rig.Requests(4, _ => SamplingOptions.Greedy);
        _rig.Decode(plain, null, DraftBudget.None);
        var requests = _rig.Requests(4, _ => SamplingOptions.Greedy);
        Decode(target, recall, requests, DraftBudget.Chain(4), step => { if (step % 5 == 4) recall.Forget("default"); });
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i].Output.ToArray(), requests[i].Output.ToArray());
    }

    [Fact]
    public void Beyond_its_memory_the_namespace_that_rested_longest_is_dropped()
    {
        RecallSpeculator After(long memoryLimit, params string[] namespaces)
        {
            var (target, recall) = Recall(options => options with { Capacity = 1, MemoryLimit = memoryLimit });
            foreach (string name in namespaces)
                Decode(target, recall, _rig.Requests(1, _ => SamplingOptions.Greedy, 20, name), DraftBudget.Chain(2));
            return recall;
        }
        long two = After(1 << 30, "a", "b", "a").Bytes;
        var recall = After(two, "a", "b", "a", "c");
        Assert.InRange(recall.Bytes, 1, two);
        Assert.Equal((true, false, true), (recall.Forget("a"), recall.Forget("b"), recall.Forget("c")));
    }

    [Fact]
    public void Drafting_and_remembering_allocate_nothing()
    {
        // Chains that have grown: the same texts have been written before.
        var (target, recall) = Recall(options => options with { MostCompared = 4 });
        Decode(target, recall, _rig.Requests(4, _ => SamplingOptions.Greedy, 100), DraftBudget.Chain(2));
        var requests = _rig.Requests(4, _ => SamplingOptions.Greedy, 100);
        var decoder = new SpeculativeDecoder(target, recall, new FixedPlanner(new DraftBudget(4, 12, 2)), new CoupledVerifier(), recall);
        var batch = new BatchDecoder(decoder, 4);
        foreach (var request in requests) batch.Add(request);
        for (int i = 0; i < 12; i++) batch.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 8; i++) batch.Step();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var target = new TargetModel(_rig.Decoder, LearnedRig.MaxNodes);
        var good = new RecallOptions { VocabularySize = 10 };
        foreach (var bad in new[]
        {
            good with { VocabularySize = 0 }, good with { Capacity = 0 }, good with { MostCompared = 0 }, good with { Voters = 0 },
            good with { Voters = 33 }, good with { Sharpness = float.NaN }, good with { MinPathConfidence = 2 }, good with { MemoryLimit = -1 },
        })
            Assert.Throws<ArgumentException>(() => new RecallSpeculator(target, 8, bad));
    }

    public void Dispose() => _rig.Dispose();

    private DecodeSequence[] Greedy() => _rig.Requests(4, _ => SamplingOptions.Greedy);

    private (TargetModel Target, RecallSpeculator Recall) Recall(Func<RecallOptions, RecallOptions>? with = null)
    {
        var options = new RecallOptions { VocabularySize = _rig.Vocabulary };
        var target = new TargetModel(_rig.Decoder, LearnedRig.MaxNodes);
        return (target, new RecallSpeculator(target, _rig.Decoder.Config.HiddenSize, with?.Invoke(options) ?? options));
    }

    private static void Decode(TargetModel target, RecallSpeculator recall, DecodeSequence[] requests, DraftBudget budget, Action<int>? beforeStep = null)
    {
        var decoder = new SpeculativeDecoder(target, recall, new FixedPlanner(budget), new CoupledVerifier(), recall);
        var batch = new BatchDecoder(decoder, 8);
        foreach (var request in requests) batch.Add(request);
        int step = 0;
        do beforeStep?.Invoke(step++);
        while (batch.Step());
    }
}
