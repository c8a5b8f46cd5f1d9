using Atlas.Core.Drafting;

namespace Atlas.Modeling.Drafting;

/// <summary>
/// The tree as it is drafted, level by level, with more nodes than will be verified. A node's path probability is the product of the
/// probabilities down to it (calibrated confidences where the budget has a gate); as these are at most 1, the best nodes by path probability
/// always include their parents, so the best n of them are a tree (EAGLE-2, arXiv 2406.16858, section 4.2). Preallocated.
/// </summary>
public sealed class CandidateTree
{
    private readonly Node[] _nodes;
    private readonly int[] _order;
    private readonly int[] _index;
    private int _count;

    /// <summary>An empty tree.</summary>
    /// <param name="capacity">Most nodes that are verified in the end.</param>
    /// <param name="candidates">Most children of a node.</param>
    public CandidateTree(int capacity, int candidates)
    {
        // At most as many nodes are expanded as are verified in the end; each brings at most that many children.
        int size = (capacity + 1) * candidates;
        _nodes = new Node[size];
        _order = new int[size];
        _index = new int[size];
    }

    /// <summary>Nodes added so far.</summary>
    public int Count => _count;

    /// <summary>Draft token of a node.</summary>
    public int Token(int node) => _nodes[node].Token;

    /// <summary>Parent of a node, or <see cref="DraftTree.Root"/>.</summary>
    public int Parent(int node) => _nodes[node].Parent;

    /// <summary>Writes the tokens from the root to <paramref name="node"/>, itself included; returns how many.</summary>
    public int PathTokens(int node, Span<int> destination)
    {
        int length = node == DraftTree.Root ? 0 : _nodes[node].Level;
        for (int i = length - 1, n = node; i >= 0; i--, n = _nodes[n].Parent) destination[i] = _nodes[n].Token;
        return length;
    }

    /// <summary>Empties the tree.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a child of <paramref name="parent"/>; silently drops it where the tree is full.</summary>
    public void Add(int token, int parent, float confidence, float probability)
    {
        if (_count == _nodes.Length) return;
        int level = parent == DraftTree.Root ? 1 : _nodes[parent].Level + 1;
        float path = probability * (parent == DraftTree.Root ? 1f : _nodes[parent].PathProbability);
        _nodes[_count++] = new Node(token, parent, level, confidence, path);
    }

    /// <summary>
    /// The nodes of a level to go on from: those that are among the best that the budget can hold so far, at most as many as a node may have
    /// branches, best first.
    /// </summary>
    public ReadOnlySpan<int> Frontier(int level, DraftBudget budget, float minPathProbability)
    {
        int ranked = Rank(Math.Min(budget.Nodes, _count));
        int count = 0;
        for (int i = 0; i < ranked && count < budget.Branches; i++)
        {
            int node = _order[i];
            if (_nodes[node].Level == level && _nodes[node].PathProbability >= minPathProbability) _index[count++] = node;
        }
        return _index.AsSpan(0, count);
    }

    /// <summary>Writes the best <paramref name="nodes"/> nodes into a draft.</summary>
    public void WriteTo(DraftTree draft, int nodes)
    {
        int ranked = Rank(Math.Min(Math.Min(nodes, draft.Capacity), _count));
        var chosen = _order.AsSpan(0, ranked);
        chosen.Sort();
        foreach (int node in chosen)
        {
            var n = _nodes[node];
            _index[node] = draft.Add(n.Token, n.Parent == DraftTree.Root ? DraftTree.Root : _index[n.Parent], n.Confidence);
        }
    }

    // Puts the best nodes first into _order, ties to the earlier node, so that a parent comes before its children. Selection from the top:
    // trees are small.
    private int Rank(int best)
    {
        for (int i = 0; i < _count; i++) _order[i] = i;
        for (int i = 0; i < best; i++)
        {
            int top = i;
            for (int j = i + 1; j < _count; j++)
                if (IsBetter(_order[j], _order[top]))
                    top = j;
            (_order[i], _order[top]) = (_order[top], _order[i]);
        }
        return best;
    }

    private bool IsBetter(int a, int b)
    {
        var (x, y) = (_nodes[a].PathProbability, _nodes[b].PathProbability);
        return x > y || (x == y && a < b);
    }

    private readonly record struct Node(int Token, int Parent, int Level, float Confidence, float PathProbability);
}
