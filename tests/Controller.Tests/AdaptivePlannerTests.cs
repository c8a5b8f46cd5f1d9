using Atlas.Controller.Guard;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;

namespace Atlas.Controller.Tests;

public sealed class AdaptivePlannerTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(8, 2)]
    [InlineData(8, 0)]
    public void A_decision_allocates_nothing(int batch, int right)
    {
        var rig = new PlannerRig(PlannerRig.Options(3));
        var sequences = Enumerable.Range(1, batch).Select(i => PlannerRig.Sequence(i, "n" + i % 2)).ToArray();
        for (int i = 0; i < 300; i++) rig.Step(sequences, right);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) rig.Step(sequences, right);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_stored_calibration_is_taken_up_by_another_controller()
    {
        var rig = new PlannerRig(PlannerRig.Options(2));
        Assert.Null(rig.Planner.SaveCalibration("a"));
        var sequence = PlannerRig.Sequence(1, "a");
        for (int i = 0; i < 300; i++) rig.Step([sequence], i % 3);
        var stored = rig.Planner.SaveCalibration("a")!;
        Assert.Equal(["a"], rig.Planner.Namespaces);
        Assert.True(rig.Planner.CalibrationObservations("a") > 100);
        var fresh = new PlannerRig(PlannerRig.Options(2)).Planner;
        float untrained = fresh.CalibratorOf("a", 0).Probability(0.2f);
        fresh.LoadCalibration("a", stored);
        foreach (float confidence in new[] { 0.1f, 0.2f, 0.5f, 0.9f, 0.99f })
            Assert.Equal(rig.Planner.CalibratorOf("a", 0).Probability(confidence), fresh.CalibratorOf("a", 0).Probability(confidence), 0.02f);
        Assert.NotEqual(untrained, fresh.CalibratorOf("a", 0).Probability(0.2f), 0.05f);
        // One with other speculators takes up what concerns its own.
        var other = new PlannerRig(PlannerRig.Options(1)).Planner;
        other.LoadCalibration("a", stored);
        Assert.Equal(fresh.CalibratorOf("a", 0).Probability(0.9f), other.CalibratorOf("a", 0).Probability(0.9f));
        Assert.Throws<ArgumentException>(() => other.LoadCalibration("a", stored with { Consensus = [[1, 2]] }));
    }

    [Fact]
    public void Drafts_that_hold_are_verified_and_garbage_is_not()
    {
        foreach (var (right, least, most) in new[] { (3, 2.5, 3.0), (0, 0.0, 0.1) })
        {
            var rig = new PlannerRig(PlannerRig.Options(2));
            DecodeSequence[] sequences = [PlannerRig.Sequence(1)];
            long nodes = 0;
            for (int i = 0; i < 600; i++)
            {
                rig.Step(sequences, right);
                if (i >= 300) nodes += sequences[0].Draft.Count;
            }
            Assert.InRange(nodes / 300.0, least, most);
        }
    }

    [Fact]
    public void Who_still_reads_a_prompt_or_has_one_token_left_is_not_drafted_for()
    {
        var rig = new PlannerRig(PlannerRig.Options(2));
        var last = new DecodeSequence(3, [1], SamplingOptions.Greedy, new StopRules(1, []), 24);
        DecodeSequence[] batch = [PlannerRig.Sequence(1), PlannerRig.Sequence(2), last];
        rig.Target.Reading.Add(2);
        int invoked = 0;
        for (int i = 0; i < 50; i++)
        {
            rig.Planner.Plan(batch);
            foreach (var sequence in batch[1..]) Assert.Equal((0, 0), (sequence.Shares![0].Depth, sequence.Shares[1].Depth));
            if (batch[0].Shares![0].Depth > 0) invoked++;
            rig.Planner.Select(batch);
        }
        Assert.True(invoked > 25, $"invoked in {invoked} of 50 steps");
    }

    [Theory]
    [InlineData(0b00)]
    [InlineData(0b01)]
    [InlineData(0b10)]
    public void A_restricted_sequence_gets_drafts_of_those_alone_and_others_are_chosen_for_as_before(int only)
    {
        var rig = new PlannerRig(PlannerRig.Options(2));
        DecodeSequence[] batch = [PlannerRig.Sequence(1), PlannerRig.Sequence(2)];
        rig.Planner.Restrict(batch[0], only);
        int free = 0;
        for (int i = 0; i < 100; i++)
        {
            rig.Planner.Plan(batch);
            for (int s = 0; s < 2; s++) Assert.Equal((only >> s & 1) != 0, batch[0].Shares![s].Depth > 0);
            if (batch[1].Shares![0].Depth > 0 || batch[1].Shares![1].Depth > 0) free++;
            rig.Planner.Select(batch);
        }
        Assert.True(free > 50, $"invoked in {free} of 100 steps");
        rig.Planner.Release(batch[0]);
        rig.Planner.Plan(batch);
        rig.Planner.Release(batch[0]);
        for (int i = 0, invoked = 0; i < 100 && invoked == 0; i++)
        {
            rig.Planner.Plan(batch);
            rig.Planner.Select(batch);
            invoked = batch[0].Shares![0].Depth + batch[0].Shares![1].Depth;
            Assert.True(invoked > 0 || i < 99, "the restriction outlived the sequence");
        }
    }

    [Fact]
    public void What_was_counted_adds_up()
    {
        var rig = new PlannerRig(PlannerRig.Options(2));
        DecodeSequence[] sequences = [PlannerRig.Sequence(1), PlannerRig.Sequence(2)];
        for (int i = 0; i < 200; i++) rig.Step(sequences, 2);
        var metrics = rig.Planner.Metrics;
        Assert.Equal(200, metrics.Steps);
        Assert.Equal(400, metrics.Lookahead.ToArray().Sum());
        var first = metrics.Speculators[0];
        Assert.Equal(first.Drafted, 3 * metrics.Lookahead[3] + 2 * metrics.Lookahead[2] + metrics.Lookahead[1]);
        Assert.True(first.Accepted > 500 && first.Accepted == first.Alone && first.Accepted <= first.Drafted && first.Drafted <= first.Proposed);
        Assert.InRange(metrics.CalibrationError, 0, 0.1);
        Assert.True(metrics.CalibrationSamples > 1000);
    }

    [Fact]
    public void Namespaces_learn_apart_and_can_be_forgotten()
    {
        var rig = new PlannerRig(PlannerRig.Options(1));
        DecodeSequence[] good = [PlannerRig.Sequence(1, "good")], bad = [PlannerRig.Sequence(2, "bad")];
        for (int i = 0; i < 400; i++)
        {
            rig.Step(good, 3);
            rig.Step(bad, 0);
        }
        Assert.True(rig.Planner.CalibratorOf("good", 0).Probability(0.9f) > 0.85f);
        Assert.True(rig.Planner.CalibratorOf("bad", 0).Probability(0.2f) < 0.1f);
        Assert.Equal(GuardState.Open, rig.Planner.GuardOf("good"));
        rig.Planner.Forget("bad");
        Assert.Equal(0, rig.Planner.CalibratorOf("bad", 0).Observations);
        Assert.True(rig.Planner.CalibratorOf("good", 0).Observations > 400);
        Assert.Equal(GuardState.Open, rig.Planner.GuardOf("unknown"));
    }

    [Fact]
    public void The_oldest_namespace_without_requests_leaves_when_there_are_too_many()
    {
        var rig = new PlannerRig(PlannerRig.Options(1) with { MaxNamespaces = 2 });
        var kept = PlannerRig.Sequence(1, "kept");
        rig.Step([kept], 2);
        var ended = PlannerRig.Sequence(2, "ended");
        rig.Step([ended], 2);
        rig.Planner.Release(ended);
        for (int i = 0; i < 50; i++) rig.Step([kept], 2);
        rig.Step([PlannerRig.Sequence(3, "new")], 2);
        Assert.True(rig.Planner.CalibratorOf("kept", 0).Observations > 50);
    }

    [Fact]
    public void Where_rows_are_scarce_a_request_that_something_waits_for_comes_first()
    {
        var rig = new PlannerRig(PlannerRig.Options(1));
        DecodeSequence[] sequences =
        [
            .. Enumerable.Range(1, 4).Select(i => PlannerRig.Sequence(i, requestClass: RequestClass.Throughput)),
            .. Enumerable.Range(5, 4).Select(i => PlannerRig.Sequence(i, requestClass: RequestClass.Latency)),
        ];
        int patient = 0, urgent = 0;
        for (int i = 0; i < 300; i++)
        {
            rig.Step(sequences, 1);
            patient += sequences[..4].Sum(s => s.Draft.Count);
            urgent += sequences[4..].Sum(s => s.Draft.Count);
        }
        Assert.True(urgent > patient, $"{urgent} nodes against {patient}");
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PlannerRig(PlannerRig.Options(0)));
        Assert.Throws<ArgumentException>(() => new PlannerRig(PlannerRig.Options(DraftTree.MaxSpeculators + 1)));
        Assert.Throws<ArgumentException>(() => new PlannerRig(PlannerRig.Options(1) with { RequestRate = 0 }));
        Assert.Throws<ArgumentException>(() => new PlannerRig(PlannerRig.Options(1) with { Speculators = [new("s") { MaxDepth = 9 }] }));
    }
}
