namespace Atlas.Core.Drafting;

/// <summary>
/// What a speculator proposes for one sequence: a tree of draft tokens below the sequence's last token. A chain is the tree with one child
/// each. Node i's parent comes before it, so the arrays are a topological order; siblings carry distinct tokens. Preallocated and reused:
/// filling and clearing it allocates nothing. Not thread-safe.
/// </summary>
public sealed class DraftTree
{
    /// <summary>Parent of the nodes that follow the sequence's last token directly.</summary>
    public const int Root = -1;

    private readonly int[] _tokens;
    private readonly int[] _parents;
    private readonly int[] _depths;
    private readonly float[] _confidence;

    /// <summary>An empty tree with room for <paramref name="capacity"/> nodes.</summary>
    public DraftTree(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _tokens = new int[capacity];
        _parents = new int[capacity];
        _depths = new int[capacity];
        _confidence = new float[capacity];
    }

    /// <summary>Most nodes the tree can hold.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Nodes it holds now.</summary>
    public int Count { get; private set; }

    /// <summary>Length of the longest path, in nodes; 0 when empty.</summary>
    public int Depth { get; private set; }

    /// <summary>Who proposed it.</summary>
    public SpeculatorStamp Speculator { get; set; }

    /// <summary>Draft token of each node.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Index of each node's parent, or <see cref="Root"/>.</summary>
    public ReadOnlySpan<int> Parents => _parents.AsSpan(0, Count);

    /// <summary>Nodes on the path from the root to each node, itself included: 1 for the first draft position.</summary>
    public ReadOnlySpan<int> Depths => _depths.AsSpan(0, Count);

    /// <summary>
    /// The speculator's own estimate, 0 to 1, that the node is accepted given that its parent was. It is never the probability q of
    /// rejection sampling; <see cref="DraftDistributions"/> holds that.
    /// </summary>
    public ReadOnlySpan<float> Confidence => _confidence.AsSpan(0, Count);

    /// <summary>Whether every node has at most one child.</summary>
    public bool IsChain => Depth == Count;

    /// <summary>Empties the tree; its speculator stays until the next one signs it.</summary>
    public void Clear()
    {
        Count = 0;
        Depth = 0;
    }

    /// <summary>Adds a node and returns its index.</summary>
    /// <exception cref="ArgumentException">The parent is no earlier node, or already has a child with this token.</exception>
    /// <exception cref="InvalidOperationException">The tree is full.</exception>
    public int Add(int token, int parent, float confidence)
    {
        if (Count == Capacity) throw new InvalidOperationException($"the draft tree is full ({Capacity} nodes)");
        if (parent < Root || parent >= Count)
            throw new ArgumentException($"parent {parent} of draft node {Count} is neither an earlier node nor the root", nameof(parent));
        if (FindChild(parent, token) >= 0)
            throw new ArgumentException($"draft node {parent} already has a child with token {token}", nameof(token));
        _tokens[Count] = token;
        _parents[Count] = parent;
        _depths[Count] = parent == Root ? 1 : _depths[parent] + 1;
        _confidence[Count] = confidence;
        Depth = Math.Max(Depth, _depths[Count]);
        return Count++;
    }

    /// <summary>The child of <paramref name="parent"/> that carries <paramref name="token"/>, or -1.</summary>
    public int FindChild(int parent, int token)
    {
        for (int i = parent + 1; i < Count; i++)
            if (_parents[i] == parent && _tokens[i] == token)
                return i;
        return -1;
    }

    /// <summary>Removes the nodes from index <paramref name="count"/> on (always a whole set of descendants).</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
        Depth = 0;
        for (int i = 0; i < count; i++) Depth = Math.Max(Depth, _depths[i]);
    }

    /// <summary>Writes the draft tokens from the root to <paramref name="node"/>, itself included; returns how many.</summary>
    public int PathTokens(int node, Span<int> destination)
    {
        int length = node == Root ? 0 : _depths[node];
        for (int i = length - 1, n = node; i >= 0; i--, n = _parents[n])
            destination[i] = _tokens[n];
        return length;
    }
}
