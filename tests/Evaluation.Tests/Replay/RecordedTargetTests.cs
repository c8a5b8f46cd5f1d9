using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Replay;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class RecordedTargetTests
{
    // Whatever is drafted, right, wrong or a tree of both, what comes out is what was recorded.
    [Fact]
    public void Any_draft_leaves_the_recorded_tokens()
    {
        var random = new Random(7);
        for (int round = 0; round < 300; round++)
        {
            int[] output = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(3))];
            var clock = new ReplayClock(new FrozenTime());
            var target = new RecordedTarget(clock, LatencyTable.Parse("1:1,9:2"), 8);
            var decoder = new SpeculativeDecoder(target, new RandomTrees(random), new FixedPlanner(new DraftBudget(6, 8, 3)), new CoupledVerifier());
            var sequence = new DecodeSequence(round, [1], SamplingOptions.Greedy, new StopRules(output.Length, []), 8);
            target.Begin(sequence, output);
            while (sequence.Finish is null) decoder.Step([sequence]);
            decoder.Release(sequence);
            Assert.Equal(output, sequence.Output.ToArray());
            Assert.Equal(output.Length, sequence.Statistics.Forwards + sequence.Statistics.Accepted);
            Assert.Equal(0, target.Open);
        }
    }

    [Fact]
    public void A_forward_takes_the_time_of_its_rows()
    {
        var clock = new ReplayClock(new FrozenTime());
        var target = new RecordedTarget(clock, LatencyTable.Parse("1:1,5:3"), 8);
        var sequence = new DecodeSequence(1, [1], SamplingOptions.Greedy, new StopRules(4, []), 8);
        target.Begin(sequence, [1, 2, 3, 4]);
        long start = clock.GetTimestamp();
        target.Verify([sequence]);
        Assert.Equal(0.001, clock.GetElapsedTime(start).TotalSeconds, 1e-6);
        sequence.Draft.Add(1, sequence.Draft.Add(9, DraftTree.Root, 1f), 1f);
        target.Verify([sequence]);
        Assert.Equal(0.003, clock.GetElapsedTime(start).TotalSeconds, 1e-6);
        Assert.Equal(0.003, target.Seconds, 1e-9);
    }

    [Fact]
    public void A_sequence_may_not_emit_more_than_was_recorded()
    {
        var target = new RecordedTarget(new ReplayClock(new FrozenTime()), LatencyTable.Parse("1:1,5:3"), 8);
        var sequence = new DecodeSequence(1, [1], SamplingOptions.Greedy, new StopRules(3, []), 8);
        Assert.Throws<ArgumentException>(() => target.Begin(sequence, [1, 2]));
    }

    private sealed class RandomTrees(Random random) : ISpeculator
    {
        public string Name => "random";

        public void Propose(ReadOnlySpan<DecodeSequence> batch)
        {
            foreach (var sequence in batch)
                for (int i = 0; i < sequence.Budget.Nodes; i++)
                {
                    int parent = random.Next(-1, sequence.Draft.Count), token = random.Next(3);
                    bool deep = parent >= 0 && sequence.Draft.Depths[parent] >= sequence.Budget.Depth;
                    if (sequence.Budget.Depth > 0 && !deep && sequence.Draft.FindChild(parent, token) < 0) sequence.Draft.Add(token, parent, 0.5f);
                }
        }

        public void Release(DecodeSequence sequence) { }
    }
}
