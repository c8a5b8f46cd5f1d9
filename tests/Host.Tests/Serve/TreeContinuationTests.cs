using Atlas.Core.Drafting;
using Atlas.Host.Service.Sidecar;

namespace Atlas.Host.Tests.Serve;

public sealed class TreeContinuationTests
{
    // 10 -> 11 -> (12 -> 13, 14), and 20 beside 10.
    private static DraftTree Tree()
    {
        var tree = new DraftTree(16) { Speculator = new SpeculatorStamp("suffix", 3) };
        tree.Add(10, DraftTree.Root, 0.9f);
        tree.Add(20, DraftTree.Root, 0.1f);
        tree.Add(11, 0, 0.8f);
        tree.Add(12, 2, 0.7f);
        tree.Add(14, 2, 0.2f);
        tree.Add(13, 3, 0.6f);
        return tree;
    }

    [Fact]
    public void What_lies_below_the_committed_path_is_the_draft()
    {
        var draft = new DraftTree(16);
        Assert.True(TreeContinuation.TryTake(Tree(), [10, 11], draft));
        Assert.Equal([12, 14, 13], draft.Tokens.ToArray());
        Assert.Equal([-1, -1, 0], draft.Parents.ToArray());
        Assert.Equal([0.7f, 0.2f, 0.6f], draft.Confidence.ToArray());
        Assert.Equal(new SpeculatorStamp("suffix", 3), draft.Speculator);
    }

    [Fact]
    public void A_draft_has_no_more_nodes_than_it_has_room_for_and_is_the_whole_tree_where_nothing_was_committed()
    {
        var small = new DraftTree(2);
        Assert.True(TreeContinuation.TryTake(Tree(), [10], small));
        Assert.Equal([11, 12], small.Tokens.ToArray());
        var draft = new DraftTree(16);
        Assert.True(TreeContinuation.TryTake(Tree(), [], draft));
        Assert.Equal(Tree().Tokens.ToArray(), draft.Tokens.ToArray());
        Assert.Equal(Tree().Parents.ToArray(), draft.Parents.ToArray());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    [InlineData(10, 11, 12, 13)]
    [InlineData(10, 12)]
    public void A_path_that_leaves_the_tree_or_ends_at_a_leaf_gives_none(params int[] committed)
    {
        var draft = new DraftTree(16);
        Assert.False(TreeContinuation.TryTake(Tree(), committed, draft));
        Assert.Equal(0, draft.Count);
    }

    [Fact]
    public void Of_a_merged_tree_the_part_of_some_speculators_keeps_what_each_of_them_said()
    {
        var (first, second, merged) = (new DraftTree(8), new DraftTree(8), new DraftTree(16));
        first.Speculator = new SpeculatorStamp("suffix", 3);
        second.Speculator = new SpeculatorStamp("learned", 4);
        int node = first.Add(1, DraftTree.Root, 0.5f);
        first.Add(2, node, 0.6f);
        node = second.Add(1, DraftTree.Root, 0.7f);
        node = second.Add(3, node, 0.8f);
        second.Add(4, node, 0.9f);
        merged.Merge(first, 0);
        merged.Merge(second, 1);
        var part = new DraftTree(16);
        part.CopyBelow(merged, DraftTree.Root, 0b10);
        Assert.Equal([1, 3, 4], part.Tokens.ToArray());
        Assert.Equal([-1, 0, 1], part.Parents.ToArray());
        Assert.Equal([2, 2, 2], part.Proposers.ToArray());
        Assert.Equal([1, 2, 3], part.Depths.ToArray());
        Assert.Equal(0.7f, part.ConfidenceOf(0, 1));
        Assert.Equal("learned", TreeContinuation.Signer(part).Name);
        part.CopyBelow(merged, merged.FindChild(DraftTree.Root, 1), 0b11);
        Assert.Equal([2, 3, 4], part.Tokens.ToArray());
        Assert.Equal([1, 2, 2], part.Proposers.ToArray());
        Assert.Equal("suffix", TreeContinuation.Signer(part).Name);
    }
}
