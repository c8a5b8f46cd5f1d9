namespace Atlas.Core.Drafting;

/// <summary>
/// What speculators propose for one sequence: a tree of draft tokens below the sequence's last token. A chain is the tree with one child
/// each. Node i's parent comes before it, so the arrays are a topological order; siblings carry distinct tokens. A tree can hold the joined
/// trees of several speculators (<see cref="Merge"/>): each node then knows who proposed it and how confident each of them was.
/// Preallocated and reused: filling and clearing it allocates nothing. Not thread-safe.
/// </summary>
public sealed class DraftTree
{
    /// <summary>Parent of the nodes that follow the sequence's last token directly.</summary>
    public const int Root = -1;

    /// <summary>Most speculators whose trees can be merged.</summary>
    public const int MaxSpeculators = 8;

    private readonly int[] _tokens;
    private readonly int[] _parents;
    private readonly int[] _depths;
    private readonly float[] _confidence;
    private readonly byte[] _proposers;
    private readonly float[] _confidenceOf;
    private readonly int[] _places;
    private readonly SpeculatorStamp[] _speculators = new SpeculatorStamp[MaxSpeculators];
    private int _speculatorCount = 1;

    /// <summary>An empty tree with room for <paramref name="capacity"/> nodes.</summary>
    public DraftTree(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _tokens = new int[capacity];
        _parents = new int[capacity];
        _depths = new int[capacity];
        _confidence = new float[capacity];
        _proposers = new byte[capacity];
        _confidenceOf = new float[capacity * MaxSpeculators];
        _places = new int[capacity];
    }

    /// <summary>Most nodes the tree can hold.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Nodes it holds now.</summary>
    public int Count { get; private set; }

    /// <summary>Length of the longest path, in nodes; 0 when empty.</summary>
    public int Depth { get; private set; }

    /// <summary>Who proposed it, where that is one; of a merged tree, the first. Setting it makes that one the only proposer.</summary>
    public SpeculatorStamp Speculator
    {
        get => _speculators[0];
        set
        {
            Array.Clear(_speculators);
            _speculators[0] = value;
            _speculatorCount = 1;
        }
    }

    /// <summary>
    /// Who proposed it: bit i of <see cref="Proposers"/> stands for element i. Elements of speculators that drafted nothing have no name.
    /// </summary>
    public ReadOnlySpan<SpeculatorStamp> Speculators => _speculators.AsSpan(0, _speculatorCount);

    /// <summary>Draft token of each node.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Index of each node's parent, or <see cref="Root"/>.</summary>
    public ReadOnlySpan<int> Parents => _parents.AsSpan(0, Count);

    /// <summary>Nodes on the path from the root to each node, itself included: 1 for the first draft position.</summary>
    public ReadOnlySpan<int> Depths => _depths.AsSpan(0, Count);

    /// <summary>
    /// Estimate, 0 to 1, that the node is accepted given that its parent was: the speculator's own, of a merged node the highest of its
    /// proposers', or what a planner has calibrated (<see cref="Calibrate"/>). It is never the probability q of rejection sampling;
    /// <see cref="DraftDistributions"/> holds that.
    /// </summary>
    public ReadOnlySpan<float> Confidence => _confidence.AsSpan(0, Count);

    /// <summary>Bit mask of the speculators that proposed each node; whoever proposed a node proposed its parent too.</summary>
    public ReadOnlySpan<byte> Proposers => _proposers.AsSpan(0, Count);

    /// <summary>Whether every node has at most one child.</summary>
    public bool IsChain => Depth == Count;

    /// <summary>Empties the tree; its speculators stay until the next one signs it.</summary>
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
        int node = Append(token, parent, confidence);
        _proposers[node] = 1;
        _confidenceOf[node * MaxSpeculators] = confidence;
        return node;
    }

    /// <summary>
    /// What speculator number <paramref name="speculator"/> said of a node that it proposed: its own confidence, uncalibrated.
    /// </summary>
    public float ConfidenceOf(int node, int speculator) => _confidenceOf[node * MaxSpeculators + speculator];

    /// <summary>What each speculator said of a node, by index; of those that did not propose it, nothing that means anything.</summary>
    public ReadOnlySpan<float> ConfidencesOf(int node) => _confidenceOf.AsSpan(node * MaxSpeculators, MaxSpeculators);

    /// <summary>Replaces a node's confidence by a calibrated one; what each speculator said stays.</summary>
    public void Calibrate(int node, float probability) => _confidence[node] = probability;

    /// <summary>
    /// Joins another speculator's tree to this one, in the other's name: nodes with the same path become one. Nodes that find no room are left
    /// out, with all below them.
    /// </summary>
    /// <param name="draft">A tree with one proposer.</param>
    /// <param name="speculator">Its bit in <see cref="Proposers"/>; each bit is merged at most once.</param>
    public void Merge(DraftTree draft, int speculator)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)speculator, (uint)MaxSpeculators, nameof(speculator));
        if (Count == 0) Array.Clear(_speculators);
        _speculators[speculator] = draft.Speculator;
        _speculatorCount = Count == 0 ? speculator + 1 : Math.Max(_speculatorCount, speculator + 1);
        var places = draft._places;
        for (int i = 0; i < draft.Count; i++)
        {
            places[i] = -1;
            int parent = draft._parents[i] == Root ? Root : places[draft._parents[i]];
            if (parent < 0 && draft._parents[i] != Root) continue;
            int node = FindChild(parent, draft._tokens[i]);
            if (node < 0 && Count < Capacity) node = Append(draft._tokens[i], parent, draft._confidence[i]);
            if (node < 0) continue;
            _proposers[node] |= (byte)(1 << speculator);
            _confidence[node] = Math.Max(_confidence[node], draft._confidence[i]);
            _confidenceOf[node * MaxSpeculators + speculator] = draft._confidence[i];
            places[i] = node;
        }
    }

    /// <summary>Makes this tree equal to another, which must fit.</summary>
    public void CopyFrom(DraftTree other)
    {
        if (other.Count > Capacity) throw new ArgumentException($"{other.Count} nodes do not fit a tree of {Capacity}", nameof(other));
        (Count, Depth, _speculatorCount) = (other.Count, other.Depth, other._speculatorCount);
        other.Tokens.CopyTo(_tokens);
        other.Parents.CopyTo(_parents);
        other.Depths.CopyTo(_depths);
        other.Confidence.CopyTo(_confidence);
        other.Proposers.CopyTo(_proposers);
        other._confidenceOf.AsSpan(0, Count * MaxSpeculators).CopyTo(_confidenceOf);
        other._speculators.CopyTo(_speculators, 0);
    }

    /// <summary>
    /// Makes this tree what some speculators proposed below a node of another. Nodes that find no room are left out, with all below them.
    /// </summary>
    /// <param name="other">Another tree than this one.</param>
    /// <param name="root">Its node, or <see cref="Root"/> for all of it.</param>
    /// <param name="speculators">Bit mask of the speculators whose nodes are taken; the others are not named as proposers either.</param>
    public void CopyBelow(DraftTree other, int root, int speculators)
    {
        const int left = -2;
        Clear();
        _speculatorCount = other._speculatorCount;
        other._speculators.CopyTo(_speculators, 0);
        var places = other._places;
        for (int i = root + 1; i < other.Count; i++)
        {
            int parent = other._parents[i], place = parent == root ? Root : parent > root ? places[parent] : left;
            int proposers = other._proposers[i] & speculators;
            places[i] = left;
            if (place == left || proposers == 0 || Count == Capacity) continue;
            int node = places[i] = Append(other._tokens[i], place, other._confidence[i]);
            _proposers[node] = (byte)proposers;
            other.ConfidencesOf(i).CopyTo(_confidenceOf.AsSpan(node * MaxSpeculators));
        }
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

    /// <summary>Keeps the marked nodes and closes the gaps; the order stays. A node whose parent goes goes too.</summary>
    /// <param name="marked">One per node.</param>
    public void Keep(ReadOnlySpan<bool> marked)
    {
        int kept = 0;
        Depth = 0;
        for (int i = 0; i < Count; i++)
        {
            int parent = _parents[i] == Root ? Root : _places[_parents[i]];
            bool stays = marked[i] && (parent >= 0 || _parents[i] == Root);
            _places[i] = stays ? kept : -1;
            if (!stays) continue;
            (_tokens[kept], _parents[kept], _depths[kept]) = (_tokens[i], parent, _depths[i]);
            (_confidence[kept], _proposers[kept]) = (_confidence[i], _proposers[i]);
            _confidenceOf.AsSpan(i * MaxSpeculators, MaxSpeculators).CopyTo(_confidenceOf.AsSpan(kept * MaxSpeculators));
            Depth = Math.Max(Depth, _depths[kept++]);
        }
        Count = kept;
    }

    /// <summary>Writes the draft tokens from the root to <paramref name="node"/>, itself included; returns how many.</summary>
    public int PathTokens(int node, Span<int> destination)
    {
        int length = node == Root ? 0 : _depths[node];
        for (int i = length - 1, n = node; i >= 0; i--, n = _parents[n])
            destination[i] = _tokens[n];
        return length;
    }

    // The proposers are the caller's to set.
    private int Append(int token, int parent, float confidence)
    {
        _tokens[Count] = token;
        _parents[Count] = parent;
        _depths[Count] = parent == Root ? 1 : _depths[parent] + 1;
        _confidence[Count] = confidence;
        _proposers[Count] = 0;
        Depth = Math.Max(Depth, _depths[Count]);
        return Count++;
    }
}
