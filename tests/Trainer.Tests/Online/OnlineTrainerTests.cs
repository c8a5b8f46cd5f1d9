using System.Diagnostics;
using Atlas.Trainer.Online;
using Atlas.Trainer.Tests.Pretraining;

namespace Atlas.Trainer.Tests.Online;

public sealed class OnlineTrainerTests
{
    [Fact]
    public void It_learns_the_traffic_publishes_what_gained_and_changes_no_token()
    {
        using var rig = new OnlineRig();
        var plain = rig.Decode(40, plain: true, learns: false).Select(s => s.Output.ToArray()).ToArray();
        Assert.Equal(0, rig.AcceptanceRate());
        var learned = rig.Decode(40).Select(s => s.Output.ToArray()).ToArray();
        Assert.Equal(plain, learned);
        var statistics = rig.Trainer.Statistics;
        var own = Assert.Single(statistics.Namespaces);
        Assert.True(own.Published >= 1 && own.Version >= 1 && own.Updates > 100, own.ToString());
        Assert.True(own.CandidateScore > 1.2, own.ToString());
        Assert.Equal(0, statistics.Dropped + statistics.Refused + statistics.Stale + statistics.Faults);
        double rate = rig.AcceptanceRate();
        Assert.True(rate > 0.2, $"acceptance rate {rate}");
    }

    [Fact]
    public void The_background_thread_learns_while_others_decode_and_changes_no_token()
    {
        using var rig = new OnlineRig(OnlineRig.Options() with { IdleShare = 1, TrainingShare = 0.5 });
        var plain = rig.Decode(30, plain: true, learns: false, temperature: 0.7).Select(s => s.Output.ToArray()).ToArray();
        rig.Trainer.Start();
        var served = rig.Decode(30, temperature: 0.7).Select(s => s.Output.ToArray()).ToArray();
        Assert.Equal(plain, served);
        Assert.True(SpinWait.SpinUntil(() => rig.Trainer.Statistics.Published > 0, TimeSpan.FromMinutes(2)), rig.Trainer.Statistics.ToString());
        rig.Trainer.Stop();
        long records = rig.Trainer.Statistics.Records;
        rig.Trainer.Start();
        Assert.Equal(plain, rig.Decode(30, temperature: 0.7).Select(s => s.Output.ToArray()).ToArray());
        Assert.True(SpinWait.SpinUntil(() => rig.Trainer.Statistics.Records > records, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_paused_trainer_rests_until_it_is_started_again()
    {
        using var rig = new OnlineRig();
        rig.Trainer.Start();
        Assert.True(SpinWait.SpinUntil(() => rig.Trainer.Statistics.BackgroundSeconds > 0, TimeSpan.FromMinutes(1)));
        rig.Trainer.Pause();
        double done = rig.Trainer.Statistics.BackgroundSeconds;
        // Ten times what it waits between two rounds.
        Thread.Sleep(40);
        Assert.Equal(done, rig.Trainer.Statistics.BackgroundSeconds);
        rig.Trainer.Start();
        Assert.True(SpinWait.SpinUntil(() => rig.Trainer.Statistics.BackgroundSeconds > done, TimeSpan.FromMinutes(1)));
        rig.Trainer.Pause();
        rig.Trainer.Stop();
    }

    [Fact]
    public void Steps_that_pass_without_a_turn_are_no_idle_time()
    {
        using var rig = new OnlineRig(OnlineRig.Options() with { IdleShare = 1, TrainingShare = 0, PassesPerWindow = 1e6 });
        rig.Decode(12);
        rig.Trainer.Pump();
        rig.Trainer.Start();
        // A gap is idle time: a test machine that made one says nothing.
        long before, after, last;
        bool gap;
        do
        {
            gap = false;
            last = Stopwatch.GetTimestamp();
            rig.Trainer.PassStep();
            before = Updates();
            for (long start = last; Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(150);) PassStep();
            after = Updates();
            PassStep();
        }
        while (gap);
        Assert.Equal(before, after);
        Assert.True(SpinWait.SpinUntil(() => Updates() > after, TimeSpan.FromMinutes(1)), "nothing was learned while nothing was decoded");
        rig.Trainer.Stop();

        long Updates() => rig.Trainer.Statistics.Namespaces[0].Updates;

        void PassStep()
        {
            gap |= Stopwatch.GetElapsedTime(last) > TimeSpan.FromMilliseconds(20);
            last = Stopwatch.GetTimestamp();
            rig.Trainer.PassStep();
        }
    }

    [Fact]
    public void A_turn_learns_within_its_share_and_only_there()
    {
        using var rig = new OnlineRig(OnlineRig.Options() with { TrainingShare = 0 });
        rig.Trainer.Turn();
        rig.Trainer.Turn();
        Assert.Equal(0, rig.Trainer.Statistics.TurnSeconds);
        using var sharing = new OnlineRig(OnlineRig.Options() with { TrainingShare = 0.5 });
        var decoder = new Engine.SpeculativeDecoder(
            sharing.Target, sharing.Speculator, new Engine.FixedPlanner(Core.Drafting.DraftBudget.Chain(4)), new Engine.CoupledVerifier(),
            sharing.Trainer.Observer);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int i = 0; i < 20; i++)
        {
            var sequence = new Core.Decoding.DecodeSequence(
                i, [1, 2, i], Core.Sampling.SamplingOptions.Greedy, new Core.Decoding.StopRules(60, []), OnlineRig.MaxNodes);
            while (sequence.Finish is null)
            {
                decoder.Step([sequence]);
                sharing.Trainer.Pump();
                sharing.Trainer.Turn();
            }
            decoder.Release(sequence);
        }
        var statistics = sharing.Trainer.Statistics;
        Assert.True(statistics.TurnSeconds > 0, "no turn learned anything");
        Assert.True(
            statistics.TurnSeconds <= 0.5 * clock.Elapsed.TotalSeconds + statistics.LongestTurn + 0.001,
            $"{statistics.TurnSeconds} s of {clock.Elapsed.TotalSeconds}");
    }

    [Theory]
    [InlineData(LearningPace.Full, 100, true)]
    [InlineData(LearningPace.WhilePromising, 100, false)]
    [InlineData(LearningPace.WhilePromising, -100, true)]
    [InlineData(LearningPace.Least, -100, false)]
    public void Learning_that_is_not_paid_for_takes_hardly_any_time_unless_its_candidates_gain_and_speculation_pays(LearningPace pace, double margin, bool learns)
    {
        // By the margin every candidate fails, or every one gains.
        var options = OnlineRig.Options() with { TrainingShare = 0.3, LeastShare = 0, PublishMargin = margin, Patience = 1000, UpdatesPerCandidate = 4, PassesPerWindow = 1e6 };
        using var rig = new OnlineRig(options);
        rig.Decode(12);
        var learner = rig.Trainer.Statistics.Namespaces[0];
        Assert.True((margin > 0 ? learner.Rejected : learner.Published) > 0 && !learner.IsPaused, learner.ToString());
        // What was earned before is used up.
        for (int i = 0; i < 50; i++) Turn();
        long updates = rig.Trainer.Statistics.Namespaces[0].Updates;
        for (int round = 0; round < 20; round++)
        {
            rig.Decode(1, learns: false);
            for (int i = 0; i < 20; i++) Turn();
        }
        long more = rig.Trainer.Statistics.Namespaces[0].Updates - updates;
        if (learns) Assert.True(more > 0, "nothing was learned");
        else Assert.Equal(0, more);

        void Turn()
        {
            // Some time passes between two steps, and the background gets the learner ready for what comes next.
            Thread.SpinWait(20_000);
            rig.Trainer.Pump();
            rig.Trainer.Turn(pace);
        }
    }

    [Fact]
    public void It_continues_after_a_restart_where_the_checkpoint_was()
    {
        using var directory = new TemporaryDirectory();
        double rate;
        NamespaceStatistics before;
        using (var rig = new OnlineRig(OnlineRig.Options(directory.Path)))
        {
            rig.Decode(40, "tenant");
            rate = rig.AcceptanceRate("tenant");
            before = rig.Trainer.Statistics.Namespaces[0];
            Assert.True(rate > 0.2, $"acceptance rate {rate}");
        }
        using var resumed = new OnlineRig(OnlineRig.Options(directory.Path));
        Assert.Equal(0, resumed.AcceptanceRate("tenant"));
        // The first traffic of the namespace opens it.
        resumed.Decode(1, "tenant", tokens: 2);
        var after = resumed.Trainer.Statistics.Namespaces[0];
        Assert.Equal((before.Version, before.Updates), (after.Version, after.Updates));
        Assert.Equal(rate, resumed.AcceptanceRate("tenant"), 1e-9);
        Assert.True(resumed.Trainer.Forget("tenant"));
        Assert.Equal(0, resumed.AcceptanceRate("tenant"));
        Assert.Empty(Directory.EnumerateDirectories(directory.Path));
        Assert.False(resumed.Trainer.Forget("tenant"));
    }

    [Fact]
    public void A_checkpoint_of_other_weights_of_the_target_is_not_taken()
    {
        using var directory = new TemporaryDirectory();
        using (var rig = new OnlineRig(OnlineRig.Options(directory.Path))) rig.Decode(40);
        using var resumed = new OnlineRig(OnlineRig.Options(directory.Path));
        resumed.Trainer.TargetReplaced("other");
        resumed.Decode(1, tokens: 2);
        Assert.Equal(0, resumed.Trainer.Statistics.Namespaces[0].Version);
    }

    [Fact]
    public void Stale_states_leave_the_replay_when_the_targets_weights_change_and_it_learns_the_new_ones()
    {
        using var rig = new OnlineRig();
        rig.Decode(40);
        Assert.True(rig.AcceptanceRate() > 0.2);
        rig.ReplaceTarget();
        Assert.Equal(0, rig.Trainer.Statistics.Namespaces.Single().HeldOut);
        double changed = rig.AcceptanceRate();
        rig.Decode(60);
        double learned = rig.AcceptanceRate();
        Assert.True(learned > 0.2 && learned > changed, $"{changed} to {learned}");
    }

    [Fact]
    public void A_flood_of_garbage_in_one_namespace_leaves_the_others_as_they_were_and_its_own_recovers()
    {
        using var rig = new OnlineRig();
        rig.Decode(40, "good");
        rig.Decode(40, "flooded");
        double good = rig.AcceptanceRate("good"), flooded = rig.AcceptanceRate("flooded");
        // High temperature: text that nothing can predict.
        rig.Decode(60, "flooded", domain: 4, temperature: 8);
        Assert.Equal(good, rig.AcceptanceRate("good"), 1e-9);
        var other = rig.Trainer.Statistics.Namespaces.Single(n => n.Name == "flooded");
        Assert.True(other.Rejected > 0, other.ToString());
        rig.Decode(40, "flooded");
        double recovered = rig.AcceptanceRate("flooded");
        Assert.True(recovered > 0.9 * flooded, $"{flooded} to {recovered}");
    }

    [Fact]
    public void Records_that_are_not_finite_or_name_no_token_are_refused()
    {
        using var rig = new OnlineRig();
        rig.Decode(40);
        double rate = rig.AcceptanceRate();
        long version = rig.Trainer.Statistics.Namespaces[0].Version;
        VerificationRecord Record(Action<VerificationRecord> harm)
        {
            var record = new VerificationRecord(9, rig.Decoder.Config.HiddenSize, 8) { Namespace = "default", Sequence = 999, Count = 2, DraftVersion = -1 };
            harm(record);
            return record;
        }
        Action<VerificationRecord>[] harms =
        [
            r => r.State(1)[3] = float.NaN,
            r => r.State(0)[0] = float.PositiveInfinity,
            r => r.TopProbabilities[2] = float.NaN,
            r => r.TopProbabilities[2] = -0.5f,
            r => r.TopProbabilities[9] = 2f,
            r => r.Tokens[2] = 101,
            r => r.Tokens[0] = -1,
            r => r.TopTokens[5] = 5000,
            r => r.TopTokens[5] = -2,
        ];
        foreach (var harm in harms) rig.Trainer.Take(Record(harm));
        rig.Trainer.Take(Record(r => r.TargetEpoch = -3));
        Assert.Equal((harms.Length, 1), (rig.Trainer.Statistics.Refused, rig.Trainer.Statistics.Stale));
        rig.Trainer.Pump();
        Assert.Equal(version, rig.Trainer.Statistics.Namespaces[0].Version);
        Assert.Equal(rate, rig.AcceptanceRate(), 1e-9);
    }

    [Fact]
    public void A_published_version_that_does_worse_live_is_rolled_back()
    {
        LearnedWeights shipped;
        using (var learning = new OnlineRig())
        {
            learning.Decode(60);
            shipped = learning.Trainer.Published("default")! with { Number = 0 };
        }
        // Hardly anything is learned here, so that no candidate comes first.
        using var rig = new OnlineRig(OnlineRig.Options() with { LeastLiveDrafts = 60, PassesPerWindow = 1e-6 }, shipped);
        rig.Decode(20);
        double rate = rig.AcceptanceRate();
        using var bad = rig.Trained.NewHead(null, 99);
        bad.SetHotVocabulary([.. Enumerable.Range(0, 80)]);
        rig.Trainer.Offer("default", LearnedWeights.Of(bad, 0, 0));
        rig.Trainer.Pump();
        double worse = rig.AcceptanceRate();
        Assert.True(worse < 0.5 * rate, $"{rate} to {worse}");
        Assert.Equal(1, rig.Trainer.Statistics.Namespaces[0].Version);
        rig.Decode(20);
        var after = rig.Trainer.Statistics.Namespaces[0];
        Assert.Equal((2L, 1L, 1L), (after.Version, after.RolledBack, after.Published));
        Assert.Equal(rate, rig.AcceptanceRate(), 1e-9);
    }

    [Fact]
    public void A_namespace_of_its_own_begins_with_the_base_and_others_do_not_see_what_it_learned()
    {
        LearnedWeights shipped;
        using (var rig = new OnlineRig())
        {
            rig.Decode(40);
            shipped = rig.Trainer.Published("default")! with { Number = 0 };
        }
        using var based = new OnlineRig(shipped: shipped);
        double begins = based.AcceptanceRate("new");
        Assert.True(begins > 0.2, $"the base drafts with {begins}");
        double other = based.AcceptanceRate("learner", domain: 5);
        based.Decode(60, "learner", domain: 5);
        Assert.True(based.AcceptanceRate("learner", domain: 5) >= other);
        Assert.Equal(begins, based.AcceptanceRate("new"), 1e-9);
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_a_reason()
    {
        OnlineTrainerOptions[] wrong =
        [
            new() { TrainingShare = 0.9 }, new() { LeastShare = -1 }, new() { IdleShare = -1 }, new() { ChannelCapacity = 0 }, new() { TopK = 0 }, new() { WindowLength = 0 },
            new() { RecentWindows = 2 }, new() { HeldOutStride = 1 }, new() { LongestPause = 1 }, new() { CheckpointsKept = 0 },
        ];
        foreach (var options in wrong)
        {
            string message = Assert.Throws<ArgumentException>(options.Validate).Message;
            Assert.Contains("; expected ", message);
        }
        new OnlineTrainerOptions().Validate();
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over()
    {
        using var directory = new TemporaryDirectory();
        using (var rig = new OnlineRig(OnlineRig.Options(directory.Path))) rig.Decode(40);
        using var resumed = new OnlineRig(OnlineRig.Options(directory.Path));
        string file = Directory.EnumerateFiles(directory.Path, "state.json", SearchOption.AllDirectories).First();
        File.WriteAllText(file, "{}");
        resumed.Decode(1, tokens: 2);
        // The files' hashes are checked, so the older one is taken, or none.
        Assert.Equal(0, resumed.Trainer.Statistics.Faults);
    }
}
