using Atlas.Core.Drafting;
using FsCheck;
using FsCheck.Fluent;

namespace Atlas.Core.Tests.Drafting;

public sealed class DraftTreeTests
{
    [Fact]
    public void A_tree_equals_a_naive_one() => Prop.ForAll<(byte Parent, byte Token)[], byte>((steps, cut) =>
    {
        var tree = new DraftTree(steps.Length);
        var paths = new List<int[]>();
        foreach (var (parentByte, tokenByte) in steps)
        {
            int parent = parentByte % (paths.Count + 1) - 1, token = tokenByte % 5;
            int[] path = [.. parent < 0 ? [] : paths[parent], token];
            if (paths.Any(p => p.SequenceEqual(path)))
            {
                Assert.Throws<ArgumentException>(() => tree.Add(token, parent, 0.5f));
                continue;
            }
            Assert.Equal(paths.Count, tree.Add(token, parent, token * 0.1f));
            paths.Add(path);
        }
        AssertEqual(paths, tree);
        int kept = cut % (paths.Count + 1);
        tree.Truncate(kept);
        AssertEqual(paths[..kept], tree);
        tree.Clear();
        AssertEqual([], tree);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_chain_is_a_tree_with_one_child_each()
    {
        var tree = new DraftTree(4);
        Assert.True(tree.IsChain);
        tree.Add(5, DraftTree.Root, 1f);
        tree.Add(6, 0, 1f);
        Assert.True(tree.IsChain);
        tree.Add(7, 0, 1f);
        Assert.False(tree.IsChain);
        tree.Truncate(2);
        Assert.True(tree.IsChain);
    }

    [Fact]
    public void Faults_are_refused()
    {
        var tree = new DraftTree(2);
        Assert.Throws<ArgumentException>(() => tree.Add(1, 0, 1f));
        Assert.Throws<ArgumentException>(() => tree.Add(1, -2, 1f));
        tree.Add(1, DraftTree.Root, 1f);
        tree.Add(2, DraftTree.Root, 1f);
        Assert.Throws<InvalidOperationException>(() => tree.Add(3, DraftTree.Root, 1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Truncate(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DraftTree(-1));
    }

    private static void AssertEqual(List<int[]> paths, DraftTree tree)
    {
        Assert.Equal(paths.Count, tree.Count);
        Assert.Equal(paths.Select(p => p[^1]), tree.Tokens.ToArray());
        Assert.Equal(paths.Select(p => p.Length), tree.Depths.ToArray());
        Assert.Equal(paths.Select(p => p[^1] * 0.1f), tree.Confidence.ToArray());
        Assert.Equal(paths.Count == 0 ? 0 : paths.Max(p => p.Length), tree.Depth);
        Assert.Equal(tree.Depth == tree.Count, tree.IsChain);
        var buffer = new int[tree.Capacity + 1];
        Assert.Equal(0, tree.PathTokens(DraftTree.Root, buffer));
        for (int node = 0; node < paths.Count; node++)
        {
            Assert.Equal(paths[node], buffer[..tree.PathTokens(node, buffer)]);
            Assert.Equal(node, tree.FindChild(tree.Parents[node], tree.Tokens[node]));
            Assert.Equal(-1, tree.FindChild(node, 99));
        }
    }
}
