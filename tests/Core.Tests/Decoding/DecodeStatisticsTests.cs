using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Core.Tests.Decoding;

public sealed class DecodeStatisticsTests
{
    [Fact]
    public void A_step_counts_drafted_accepted_and_emitted()
    {
        var statistics = new DecodeStatistics(8);
        statistics.AddStep(Chain(4), accepted: 2, emitted: 3);
        statistics.AddStep(Chain(4), accepted: 4, emitted: 5);
        statistics.AddStep(Chain(0), accepted: 0, emitted: 1);
        Assert.Equal((3L, 9L, 8L, 6L), (statistics.Forwards, statistics.Emitted, statistics.Drafted, statistics.Accepted));
        Assert.Equal(3.0, statistics.AcceptanceLength);
        Assert.Equal(0.75, statistics.AcceptanceRate);
        Assert.Equal(4, statistics.MaxDepth);
        Assert.Equal([1.0, 1.0, 0.5, 0.5, 0.0], Enumerable.Range(0, 5).Select(statistics.AcceptanceRateAt));
    }

    [Fact]
    public void Nothing_counted_yet_gives_zeros()
    {
        var statistics = new DecodeStatistics(2);
        Assert.Equal((0.0, 0.0, 0.0, 0), (statistics.AcceptanceLength, statistics.AcceptanceRate, statistics.AcceptanceRateAt(1), statistics.MaxDepth));
    }

    [Fact]
    public void Nodes_behind_the_token_that_ended_the_sequence_are_not_counted()
    {
        // Root with two children; the first has a chain of two below it. The sequence ends with the first accepted token.
        var tree = new DraftTree(8);
        tree.Add(1, DraftTree.Root, 1f);
        tree.Add(2, DraftTree.Root, 1f);
        tree.Add(3, 0, 1f);
        tree.Add(4, 2, 1f);
        var statistics = new DecodeStatistics(8);
        statistics.AddStep(tree, accepted: 1, emitted: 1);
        Assert.Equal((1L, 2L, 1L), (statistics.Emitted, statistics.Drafted, statistics.Accepted));
        Assert.Equal(1, statistics.MaxDepth);

        // Ended by the recovered token instead: all of the draft was verified.
        statistics = new DecodeStatistics(8);
        statistics.AddStep(tree, accepted: 1, emitted: 2);
        Assert.Equal((2L, 4L, 1L), (statistics.Emitted, statistics.Drafted, statistics.Accepted));
        Assert.Equal(3, statistics.MaxDepth);
    }

    [Fact]
    public void Statistics_of_several_sequences_add_up()
    {
        var (a, b) = (new DecodeStatistics(8), new DecodeStatistics(8));
        a.AddStep(Chain(4), 2, 3);
        b.AddStep(Chain(2), 0, 1);
        a.Add(b);
        Assert.Equal((2L, 4L, 6L, 2L), (a.Forwards, a.Emitted, a.Drafted, a.Accepted));
        Assert.Equal([0.5, 0.5, 0.0], Enumerable.Range(0, 3).Select(a.AcceptanceRateAt));
    }

    private static DraftTree Chain(int length)
    {
        var tree = new DraftTree(8);
        for (int i = 0; i < length; i++) tree.Add(i, i - 1, 1f);
        return tree;
    }
}
