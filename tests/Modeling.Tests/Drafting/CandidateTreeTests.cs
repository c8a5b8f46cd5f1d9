using Atlas.Core.Drafting;
using Atlas.Modeling.Drafting;

namespace Atlas.Modeling.Tests.Drafting;

public sealed class CandidateTreeTests
{
    [Fact]
    public void The_best_nodes_by_path_confidence_are_written_and_closed_under_parents()
    {
        var random = new Random(1);
        for (int round = 0; round < 500; round++)
        {
            var tree = new CandidateTree(16, 8);
            var paths = new List<float>();
            var parents = new List<int>();
            int count = random.Next(1, 60);
            for (int i = 0; i < count; i++)
            {
                int parent = random.Next(-1, i);
                // Confidences of 1, 0 and equal ones are common: ties must not tear a child from its parent.
                float confidence = random.Next(4) switch { 0 => 1f, 1 => 0.5f, 2 => 0f, _ => (float)random.NextDouble() };
                tree.Add(i, parent, confidence, confidence);
                parents.Add(parent);
                paths.Add(confidence * (parent < 0 ? 1f : paths[parent]));
            }
            int nodes = random.Next(1, 20);
            var draft = new DraftTree(16);
            tree.WriteTo(draft, nodes);
            Assert.Equal(Math.Min(Math.Min(nodes, 16), count), draft.Count);
            // The token of a node is its number among the candidates.
            var chosen = draft.Tokens.ToArray();
            for (int i = 0; i < chosen.Length; i++)
            {
                int parent = draft.Parents[i];
                Assert.Equal(parents[chosen[i]], parent < 0 ? DraftTree.Root : chosen[parent]);
            }
            var best = paths.OrderDescending().Take(chosen.Length);
            Assert.Equal(best, chosen.Select(c => paths[c]).OrderDescending());
        }
    }

    [Fact]
    public void The_frontier_holds_the_best_nodes_of_a_level_best_first()
    {
        var tree = new CandidateTree(8, 4);
        tree.Add(10, DraftTree.Root, 0.2f, 0.2f);
        tree.Add(11, DraftTree.Root, 0.5f, 0.5f);
        tree.Add(12, DraftTree.Root, 0.3f, 0.3f);
        tree.Add(13, 1, 0.9f, 0.9f);
        Assert.Equal([1, 2, 0], tree.Frontier(1, new DraftBudget(4, 8, 3), 0).ToArray());
        Assert.Equal([1, 2], tree.Frontier(1, new DraftBudget(4, 8, 2), 0).ToArray());
        Assert.Equal([1, 2], tree.Frontier(1, new DraftBudget(4, 8, 3), 0.25f).ToArray());
        // Of two nodes in all, the second best is a child of the best.
        Assert.Equal([1], tree.Frontier(1, new DraftBudget(4, 2, 3), 0).ToArray());
        Assert.Equal([3], tree.Frontier(2, new DraftBudget(4, 2, 3), 0).ToArray());
        Assert.Empty(tree.Frontier(3, new DraftBudget(4, 8, 3), 0).ToArray());
    }
}
