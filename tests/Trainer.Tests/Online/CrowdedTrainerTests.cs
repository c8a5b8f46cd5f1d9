using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Trainer.Online;
using Atlas.Trainer.Tests.Pretraining;

namespace Atlas.Trainer.Tests.Online;

/// <summary>More namespaces than there is memory for.</summary>
public sealed class CrowdedTrainerTests
{
    private readonly SetClock _clock = new();
    private long _nextId;

    [Fact]
    public void An_idle_namespace_is_given_up_for_another_and_comes_back_from_its_checkpoint()
    {
        using var directory = new TemporaryDirectory();
        using var rig = new OnlineRig(Places(1, OnlineRig.Options(directory.Path)));
        rig.Decode(40, "first");
        double rate = rig.AcceptanceRate("first");
        Assert.True(rate > 0.2, $"acceptance rate {rate}");
        rig.Decode(8, "second");
        Assert.True(rig.Trainer.Statistics is { Evicted: 0, Unplaced: > 0 }, rig.Trainer.Statistics.ToString());
        Assert.Equal(rate, rig.AcceptanceRate("first"), 1e-9);
        _clock.Advance(TimeSpan.FromMinutes(2));
        rig.Decode(2, "second");
        Assert.Equal(["second"], rig.Trainer.Statistics.Namespaces.Select(one => one.Name));
        Assert.Equal(0, rig.AcceptanceRate("first"));
        _clock.Advance(TimeSpan.FromMinutes(2));
        rig.Decode(1, "first", tokens: 2);
        Assert.Equal(rate, rig.AcceptanceRate("first"), 1e-9);
        Assert.Equal(2, rig.Trainer.Statistics.Evicted);
    }

    [Fact]
    public void Namespaces_that_take_turns_cost_no_new_learner_and_the_one_with_the_place_learns_on()
    {
        using var rig = new OnlineRig(Places(1, OnlineRig.Options()));
        rig.Decode(12, "first");
        for (int turn = 0; turn < 60; turn++) rig.Decode(1, $"n{turn % 6}");
        long updates = rig.Trainer.Statistics.Namespaces.Single().Updates;
        for (int turn = 0; turn < 60; turn++) rig.Decode(1, turn % 6 == 0 ? "first" : $"n{turn % 6}");
        var statistics = rig.Trainer.Statistics;
        var own = Assert.Single(statistics.Namespaces);
        Assert.Equal(("first", 0L), (own.Name, statistics.Evicted));
        Assert.True(own.Updates > updates, own.ToString());
        Assert.Equal(0, own.Dropped);
        // All that the others brought, and nothing else.
        Assert.InRange(statistics.Unplaced, 110 * 8, 110 * 40);
        Assert.Equal(statistics.Unplaced, statistics.Dropped);
    }

    [Fact]
    public void A_namespace_that_becomes_busy_gets_its_place_and_learns()
    {
        using var rig = new OnlineRig(Places(1, OnlineRig.Options()) with { AdmissionWindow = 400 });
        rig.Decode(20, "old");
        int requests = 0;
        for (; rig.Trainer.Statistics.Evicted == 0; requests += 4)
        {
            Assert.True(requests < 60, "it never got a place");
            rig.Decode(3, "new");
            rig.Decode(1, "old");
        }
        rig.Decode(40, "new");
        Assert.Equal(["new"], rig.Trainer.Statistics.Namespaces.Select(one => one.Name));
        Assert.True(rig.AcceptanceRate("new") > 0.2);
        Assert.Equal(1, rig.Trainer.Statistics.Evicted);
    }

    [Fact]
    public void Weights_offered_for_a_namespace_get_it_a_place()
    {
        using var rig = new OnlineRig(Places(2, OnlineRig.Options()));
        rig.Decode(40, "busy");
        rig.Decode(1, "quiet");
        var weights = rig.Trainer.Published("busy")!;
        rig.Trainer.Offer("other", weights);
        rig.Trainer.Pump();
        Assert.Equal(["busy", "other"], rig.Trainer.Statistics.Namespaces.Select(one => one.Name));
        Assert.Equal(rig.AcceptanceRate("busy"), rig.AcceptanceRate("other"), 1e-9);
    }

    [Fact]
    public void Whatever_happens_the_memory_holds_and_what_is_forgotten_is_gone()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using var directory = new TemporaryDirectory();
            var random = new Random(seed);
            int places = random.Next(1, 4);
            var options = Places(places, OnlineTrainerOptions.TokensAlone with { IntakeShare = 1, CheckpointDirectory = directory.Path }) with { AdmissionWindow = 500 };
            using var rig = new OnlineRig(options, tokensAlone: true);
            long written = 0;
            double minutes = 0;
            int offers = 0;
            for (int turn = 0; turn < 300; turn++)
            {
                string name = $"n{random.Next(6)}";
                switch (random.Next(20))
                {
                    case 0:
                        rig.Trainer.Forget(name);
                        Assert.DoesNotContain(rig.Trainer.Statistics.Namespaces, one => one.Name == name);
                        Assert.Null(rig.Trainer.Published(name));
                        Assert.Null(rig.Slots.Find(name)?.Published);
                        Assert.False(rig.Trainer.Forget(name));
                        break;
                    case 1:
                        minutes += 0.7;
                        _clock.Advance(TimeSpan.FromMinutes(0.7));
                        break;
                    case 2 when rig.Trainer.Statistics.Namespaces.Select(one => rig.Trainer.Published(one.Name)).FirstOrDefault(one => one is not null) is { } weights:
                        rig.Trainer.Offer(name, weights);
                        offers++;
                        break;
                    case 3:
                        rig.Trainer.TargetReplaced($"target {turn}");
                        break;
                    case 4:
                        rig.Trainer.Save();
                        break;
                    default:
                        written += Write(rig, name, random.Next(1, 60));
                        rig.Trainer.RunPieces(20);
                        break;
                }
                var now = rig.Trainer.Statistics;
                Assert.InRange(now.Namespaces.Count, 0, places);
                // Who has no place drafts with the base.
                foreach (string other in Enumerable.Range(0, 6).Select(i => $"n{i}").Except(now.Namespaces.Select(one => one.Name)))
                    Assert.Null(rig.Slots.Find(other)?.Published);
                Assert.Equal((written, 0), (now.Records, now.Faults));
                Assert.Equal(now.Unplaced, now.Dropped);
            }
            var statistics = rig.Trainer.Statistics;
            Assert.True(statistics is { Unplaced: > 0, Evicted: > 0 }, statistics.ToString());
            Assert.True(statistics.Evicted <= offers + (places * ((written / 500) + minutes + 1)), $"{statistics}, {offers} offers, {written} tokens, {minutes} minutes");
        }
    }

    // Room for so many learners and most of another.
    private OnlineTrainerOptions Places(int places, OnlineTrainerOptions options)
    {
        using var rig = new OnlineRig(options, tokensAlone: options.Step.ClipNorm == 0);
        long one = rig.Trained.Heads.LearnerBytes + ReplayBuffer.Bytes(options, rig.Trained.Heads.StateWidth);
        return options with { MemoryLimit = (places * one) + (one * 9 / 10), Clock = _clock };
    }

    // So many steps of one token each, of one sequence.
    private int Write(OnlineRig rig, string name, int steps)
    {
        var sequence = new DecodeSequence(_nextId++, [1, 2], SamplingOptions.Greedy, new StopRules(100, []), OnlineRig.MaxNodes) { Namespace = name };
        for (int i = 0; i < steps; i++)
        {
            sequence.Emit(new SampledToken(3 + (i % 20), 0f, 0f));
            rig.Trainer.Observer.OnVerified(sequence, [], 1);
        }
        rig.Trainer.Pump();
        return steps;
    }
}
