namespace Atlas.Modeling.Engine;

/// <summary>
/// The parents and depths of a sequence's pending rows: the bookkeeping that every engine's cache shares. Row order is a topological order.
/// Allocates nothing after construction.
/// </summary>
public sealed class PendingTree
{
    private readonly int[] _parents;
    private readonly int[] _depths;

    /// <summary>An empty tree with room for <paramref name="capacity"/> rows.</summary>
    public PendingTree(int capacity)
    {
        _parents = new int[capacity];
        _depths = new int[capacity];
    }

    /// <summary>Most rows.</summary>
    public int Capacity => _parents.Length;

    /// <summary>Rows held.</summary>
    public int Count { get; private set; }

    /// <summary>Parent of a row, or <see cref="BatchPlan.NoParent"/>.</summary>
    public int Parent(int row) => _parents[row];

    /// <summary>Rows before it on its path: its absolute position is the committed length plus this.</summary>
    public int Depth(int row) => _depths[row];

    /// <summary>Adds a row and returns its index.</summary>
    public int Add(int parent)
    {
        if (Count == Capacity) throw new InvalidOperationException($"a sequence holds at most {Capacity} pending rows");
        if (parent < BatchPlan.NoParent || parent >= Count)
            throw new ArgumentException($"parent {parent} of pending row {Count} is not an earlier one", nameof(parent));
        _parents[Count] = parent;
        _depths[Count] = parent == BatchPlan.NoParent ? 0 : _depths[parent] + 1;
        return Count++;
    }

    /// <summary>Writes the rows from the first on its path down to <paramref name="row"/>, itself included; returns how many.</summary>
    public int Path(int row, Span<int> destination)
    {
        int length = _depths[row] + 1;
        for (int i = length - 1, r = row; i >= 0; i--, r = _parents[r]) destination[i] = r;
        return length;
    }

    /// <summary>Throws unless <paramref name="path"/> begins at a row without parent and goes from parent to child.</summary>
    public void CheckPath(ReadOnlySpan<int> path)
    {
        int parent = BatchPlan.NoParent;
        foreach (int row in path)
        {
            if ((uint)row >= (uint)Count) throw new ArgumentException($"pending row {row} does not exist; there are {Count}", nameof(path));
            if (_parents[row] != parent)
                throw new ArgumentException($"pending row {row} is a child of {_parents[row]}, not of {parent}", nameof(path));
            parent = row;
        }
    }

    /// <summary>Forgets the rows from <paramref name="count"/> on: those of a forward that failed.</summary>
    public void Truncate(int count)
    {
        if ((uint)count > (uint)Count) throw new ArgumentException($"truncation to {count} pending rows; there are {Count}", nameof(count));
        Count = count;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear() => Count = 0;
}
