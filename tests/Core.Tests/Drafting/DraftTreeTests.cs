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
    public void Merged_trees_hold_every_path_once_with_all_who_proposed_it() => Prop.ForAll<(byte Parent, byte Token)[], (byte Parent, byte Token)[], byte>((a, b, room) =>
    {
        var trees = new[] { Tree(a, "a"), Tree(b, "b") };
        var merged = new DraftTree(a.Length + b.Length);
        for (int i = 0; i < trees.Length; i++) merged.Merge(trees[i], i);
        var expected = trees.SelectMany(Paths).Distinct().ToHashSet();
        Assert.Equal(expected, Paths(merged).ToHashSet());
        Assert.Equal(expected.Count, merged.Count);
        for (int node = 0; node < merged.Count; node++)
            for (int i = 0; i < trees.Length; i++)
            {
                var own = Paths(trees[i]);
                int at = own.IndexOf(Paths(merged)[node]);
                Assert.Equal(at >= 0, (merged.Proposers[node] >> i & 1) != 0);
                if (at >= 0) Assert.Equal(trees[i].Confidence[at], merged.ConfidenceOf(node, i));
            }
        // Where there is too little room what is left is still a tree of the first nodes.
        var small = new DraftTree(room % (merged.Count + 1));
        for (int i = 0; i < trees.Length; i++) small.Merge(trees[i], i);
        Assert.True(Paths(small).ToHashSet().IsSubsetOf(expected));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_merged_draft_names_all_its_speculators()
    {
        var (suffix, learned) = (new DraftTree(2), new DraftTree(2));
        (suffix.Speculator, learned.Speculator) = (new SpeculatorStamp("suffix", 7), new SpeculatorStamp("learned", 3));
        suffix.Add(1, DraftTree.Root, 0.5f);
        learned.Add(1, DraftTree.Root, 0.8f);
        var merged = new DraftTree(4) { Speculator = new SpeculatorStamp("older", 1) };
        merged.Merge(suffix, 1);
        merged.Merge(learned, 2);
        Assert.Equal([default, new("suffix", 7), new("learned", 3)], merged.Speculators.ToArray());
        Assert.Equal([0b110], merged.Proposers.ToArray());
        Assert.Equal([0.8f], merged.Confidence.ToArray());
        var copy = new DraftTree(4);
        copy.CopyFrom(merged);
        Assert.Equal(merged.Speculators.ToArray(), copy.Speculators.ToArray());
        Assert.Equal((0.5f, 0.8f), (copy.ConfidenceOf(0, 1), copy.ConfidenceOf(0, 2)));
        copy.Speculator = new SpeculatorStamp("static", 0);
        Assert.Equal([new SpeculatorStamp("static", 0)], copy.Speculators.ToArray());
        Assert.Throws<ArgumentException>(() => new DraftTree(0).CopyFrom(merged));
        Assert.Throws<ArgumentOutOfRangeException>(() => merged.Merge(suffix, DraftTree.MaxSpeculators));
    }

    [Fact]
    public void What_is_kept_is_the_marked_nodes_whose_parents_are_kept() => Prop.ForAll<(byte Parent, byte Token)[], bool[]>((steps, marks) =>
    {
        var tree = Tree(steps, "a");
        var marked = Enumerable.Range(0, tree.Count).Select(i => i < marks.Length && marks[i]).ToArray();
        var stays = new bool[tree.Count];
        for (int i = 0; i < tree.Count; i++) stays[i] = marked[i] && (tree.Parents[i] < 0 || stays[tree.Parents[i]]);
        var expected = Paths(tree).Where((_, i) => stays[i]).ToArray();
        var confidence = tree.Confidence.ToArray().Where((_, i) => stays[i]).ToArray();
        tree.Keep(marked);
        Assert.Equal(expected, Paths(tree));
        Assert.Equal(confidence, tree.Confidence.ToArray());
        Assert.Equal(expected.Select(p => p.Split(' ').Length).DefaultIfEmpty(0).Max(), tree.Depth);
    }).QuickCheckThrowOnFailure();

    private static DraftTree Tree((byte Parent, byte Token)[] steps, string name)
    {
        var tree = new DraftTree(steps.Length) { Speculator = new SpeculatorStamp(name, 1) };
        foreach (var (parentByte, tokenByte) in steps)
        {
            int parent = parentByte % (tree.Count + 1) - 1, token = tokenByte % 3;
            if (tree.FindChild(parent, token) < 0) tree.Add(token, parent, tokenByte / 255f);
        }
        return tree;
    }

    private static List<string> Paths(DraftTree tree)
    {
        var tokens = new int[tree.Depth];
        return [.. Enumerable.Range(0, tree.Count).Select(node => string.Join(' ', tokens[..tree.PathTokens(node, tokens)]))];
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
