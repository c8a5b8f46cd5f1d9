using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Engine.Tests.Models;
using Atlas.Modeling;
using Atlas.Speculator.Adaptive.Learned;
using Atlas.Target;

namespace Atlas.Speculator.Adaptive.Tests.Learned;

public sealed class LearnedSpeculatorTests
{
    private static readonly DraftBudget[] Budgets = [DraftBudget.Chain(1), DraftBudget.Chain(4), new(4, 12, 3)];

    [Theory]
    [InlineData(WeightFormat.F32)]
    [InlineData(WeightFormat.BF16)]
    [InlineData(WeightFormat.Int8)]
    public void A_head_that_learned_a_text_drafts_it_whole(WeightFormat format)
    {
        using var rig = new LearnedRig(sequences: 1, draftFormat: format);
        // The recorded text goes on behind the drafted one, so that every draft lies within examples.
        var head = rig.TrainedHead(rig.Requests(1, _ => SamplingOptions.Greedy, 70), 400, certain: true);
        rig.Slots.Base.Publish(new LearnedVersion(1, head));
        var plain = rig.Requests(1, _ => SamplingOptions.Greedy, 60)[0];
        rig.Decode([plain], null, DraftBudget.None);
        Assert.True(plain.Output.ToArray().Distinct().Count() > 4, "the text is too plain to show anything");
        var drafted = rig.Requests(1, _ => SamplingOptions.Greedy, 60)[0];
        rig.Decode([drafted], null, DraftBudget.Chain(5));
        Assert.Equal(plain.Output.ToArray(), drafted.Output.ToArray());
        Assert.Equal(drafted.Statistics.Drafted, drafted.Statistics.Accepted);
        // The first token comes with the prompt; ten steps of six tokens bring the rest.
        Assert.Equal(11, drafted.Statistics.Forwards);
    }

    [Theory]
    [InlineData("greedy")]
    [InlineData("temperature")]
    [InlineData("top-p")]
    [InlineData("repetition")]
    [InlineData("constraint")]
    [InlineData("all")]
    public void Speculation_changes_no_token_whatever_the_weights_and_whenever_they_change(string sampling)
    {
        using var rig = new LearnedRig();
        SamplingOptions Options(int i) => OptionSets.Get(sampling, rig.Vocabulary, i);
        var plain = rig.Requests(8, Options);
        rig.Decode(plain, null, DraftBudget.None);
        var trained = rig.TrainedHead(rig.Requests(8, Options), 120);
        LearnedVersion[] versions = [new(1, rig.Head(1)), new(2, trained), new(3, rig.Head(2, 1, 5, 9, 12, 40, 41, 90)), new(4, trained)];
        long accepted = 0;
        foreach (var budget in Budgets)
        {
            rig.Slots.Base.Publish(null);
            var requests = rig.Requests(8, Options);
            rig.Decode(requests, null, budget, beforeStep: step => { if (step >= 3) rig.Slots.Base.Publish(versions[Math.Min(step - 3, 3)]); });
            SameTexts.Assert(plain, requests);
            accepted += requests.Sum(r => r.Statistics.Accepted);
        }
        Assert.True(accepted > 0, "no draft token was accepted: the test shows nothing");
    }

    [Fact]
    public async Task Weights_may_be_swapped_while_it_drafts()
    {
        using var rig = new LearnedRig();
        SamplingOptions Options(int i) => OptionSets.Get("temperature", rig.Vocabulary, i);
        var plain = rig.Requests(8, Options, 100);
        rig.Decode(plain, null, DraftBudget.None);
        var trained = rig.TrainedHead(rig.Requests(8, Options), 60);
        var slot = rig.Slots.Of("default");
        slot.Publish(new LearnedVersion(0, trained));
        using var ended = new CancellationTokenSource();
        long published = 0;
        var trainer = Task.Run(() =>
        {
            // Heads are used anew as soon as the slot says that nobody drafts with them: their hot vocabularies change under no draft's feet.
            var heads = Enumerable.Range(0, 3).Select(i => rig.Head((ulong)i)).ToArray();
            var holders = new LearnedVersion?[3];
            while (!ended.IsCancellationRequested)
                for (int i = 0; i < 3; i++)
                {
                    if (holders[i] is { } old && slot.Holds(old)) continue;
                    heads[i].SetHotVocabulary([.. Enumerable.Range((int)(published % 50), 30)]);
                    slot.Publish(holders[i] = new LearnedVersion(Interlocked.Increment(ref published), heads[i]));
                }
        });
        long drafted = 0;
        try
        {
            // As often as it takes to have drafted with many versions.
            while (!trainer.IsCompleted && (Interlocked.Read(ref published) <= 10 || drafted <= 100))
            {
                var requests = rig.Requests(8, Options, 100);
                rig.Decode(requests, null, new DraftBudget(4, 12, 3));
                for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i].Output.ToArray(), requests[i].Output.ToArray());
                drafted += requests.Sum(r => r.Statistics.Drafted);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await trainer;
        }
    }

    [Theory]
    [InlineData("greedy")]
    [InlineData("temperature")]
    [InlineData("all")]
    public void A_step_allocates_nothing(string sampling)
    {
        using var rig = new LearnedRig(context: 2048);
        LearnedVersion[] versions = [new(1, rig.Head(1)), new(2, rig.Head(2, [.. Enumerable.Range(20, 50)]))];
        var requests = rig.Requests(8, i => OptionSets.Get(sampling, rig.Vocabulary, i), 2000);
        for (int i = 4; i < 8; i++) requests[i] = rig.Requests(8, j => OptionSets.Get(sampling, rig.Vocabulary, j), 2000, "other")[i];
        rig.Slots.Of("other");
        var target = new TargetModel(rig.Decoder, LearnedRig.MaxNodes);
        var speculator = new LearnedSpeculator(target, rig.Vocabulary, rig.Slots, new LearnedSpeculatorOptions { Candidates = 4 });
        var decoder = new SpeculativeDecoder(target, speculator, new FixedPlanner(new DraftBudget(4, 12, 3)), new CoupledVerifier());
        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                rig.Slots.Base.Publish(versions[i & 1]);
                rig.Slots.Of("other").Publish(i % 3 == 0 ? null : versions[1 - (i & 1)]);
                decoder.Step(requests);
            }
        }
        Steps(120);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps(120);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(requests, r => Assert.True(r.Statistics.Drafted > 500));
    }

    [Fact]
    public void A_namespace_drafts_with_its_own_version_and_with_the_base_until_it_has_one()
    {
        using var rig = new LearnedRig(sequences: 3);
        rig.Slots.Base.Publish(new LearnedVersion(7, rig.Head(1)));
        rig.Slots.Of("own").Publish(new LearnedVersion(3, rig.Head(2)));
        rig.Slots.Of("empty");
        var requests = new[] { "own", "empty", "unknown" }
            .Select((name, i) => rig.Requests(3, _ => SamplingOptions.Greedy, name: name)[i]).ToArray();
        var target = new TargetModel(rig.Decoder, LearnedRig.MaxNodes);
        var speculator = new LearnedSpeculator(target, rig.Vocabulary, rig.Slots, new LearnedSpeculatorOptions());
        var decoder = new SpeculativeDecoder(target, speculator, new FixedPlanner(DraftBudget.Chain(2)), new CoupledVerifier());
        decoder.Step(requests);
        Assert.All(requests, r => Assert.Equal(0, r.Draft.Count));
        decoder.Step(requests);
        Assert.All(requests, r => Assert.Equal(2, r.Draft.Count));
        Assert.Equal([3L, 7L, 7L], requests.Select(r => r.Draft.Speculator.Version));
        Assert.All(requests, r => Assert.Equal("learned", r.Draft.Speculator.Name));
    }

    [Fact]
    public void More_sequences_than_rows_leave_the_last_ones_without_draft()
    {
        using var rig = new LearnedRig(sequences: 30);
        rig.Slots.Base.Publish(new LearnedVersion(1, rig.Head(1)));
        var requests = rig.Requests(30, _ => SamplingOptions.Greedy);
        var target = new TargetModel(rig.Decoder, LearnedRig.MaxNodes);
        var speculator = new LearnedSpeculator(target, rig.Vocabulary, rig.Slots, new LearnedSpeculatorOptions());
        var decoder = new SpeculativeDecoder(target, speculator, new FixedPlanner(DraftBudget.Chain(3)), new CoupledVerifier());
        decoder.Step(requests);
        foreach (var request in requests) request.Budget = DraftBudget.Chain(3);
        foreach (var request in requests) request.Draft.Clear();
        speculator.Propose(requests);
        Assert.Equal(rig.HeadConfig.MaxRows, requests.Count(r => r.Draft.Count == 3));
        Assert.Equal(30 - rig.HeadConfig.MaxRows, requests.Count(r => r.Draft.Count == 0));
    }

    [Fact]
    public void Where_all_hot_tokens_are_forbidden_nothing_is_drafted()
    {
        using var rig = new LearnedRig(sequences: 1);
        rig.Slots.Base.Publish(new LearnedVersion(1, rig.Head(1, 90, 91, 92)));
        var request = rig.Requests(1, i => OptionSets.Get("mask", rig.Vocabulary, i))[0];
        rig.Decode([request], null, DraftBudget.Chain(3));
        Assert.Equal(0, request.Statistics.Drafted);
        Assert.Equal(40, request.Output.Length);
    }

    [Fact]
    public void Classical_rejection_sampling_gets_the_hot_distribution_that_was_drawn_from()
    {
        using var rig = new LearnedRig(sequences: 1, context: 512);
        int[] hot = [3, 8, 15, 33, 60, 77];
        rig.Slots.Base.Publish(new LearnedVersion(1, rig.Head(4, hot)));
        var request = rig.Requests(1, i => OptionSets.Get("temperature", rig.Vocabulary, i), 200)[0];
        request.KeepDistributions(rig.Vocabulary);
        int looked = 0;
        rig.Decode([request], new RejectionVerifier(), DraftBudget.Chain(3), beforeStep: _ =>
        {
            for (int node = 0; node < request.Draft.Count; node++, looked++)
            {
                var q = request.DraftProbabilities!.Row(node).ToArray();
                Assert.Equal(1, q.Sum(), 1e-4);
                Assert.True(q[request.Draft.Tokens[node]] > 0);
                Assert.All(Enumerable.Range(0, q.Length), token => Assert.True(q[token] == 0 || hot.Contains(token)));
            }
        });
        Assert.True(looked > 50 && request.Statistics.Accepted > 0);
    }
}
