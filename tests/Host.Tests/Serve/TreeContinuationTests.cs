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
        var (continuation, draft) = (new TreeContinuation(16), new DraftTree(16));
        Assert.True(continuation.TryTake(Tree(), [10, 11], 8, draft));
        Assert.Equal([12, 14, 13], draft.Tokens.ToArray());
        Assert.Equal([-1, -1, 0], draft.Parents.ToArray());
        Assert.Equal([0.7f, 0.2f, 0.6f], draft.Confidence.ToArray());
        Assert.Equal(new SpeculatorStamp("suffix", 3), draft.Speculator);
    }

    [Fact]
    public void A_draft_has_no_more_nodes_than_asked_for_and_the_whole_tree_where_nothing_was_committed()
    {
        var (continuation, draft) = (new TreeContinuation(16), new DraftTree(16));
        Assert.True(continuation.TryTake(Tree(), [10], 2, draft));
        Assert.Equal([11, 12], draft.Tokens.ToArray());
        Assert.True(continuation.TryTake(Tree(), [], 16, draft));
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
        var (continuation, draft) = (new TreeContinuation(16), new DraftTree(16));
        Assert.False(continuation.TryTake(Tree(), committed, 8, draft));
        Assert.Equal(0, draft.Count);
    }
}
