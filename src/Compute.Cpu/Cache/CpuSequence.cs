using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Cache;

/// <summary>One sequence's slot of a <see cref="KvCache"/>: which rows are committed and how the pending ones hang together.</summary>
internal sealed class CpuSequence : IDecoderSequence
{
    private readonly SequenceSlots _slots;
    private readonly PendingTree _tree;
    private readonly int[] _chain;
    private bool _disposed;

    /// <summary>An empty sequence on a slot.</summary>
    public CpuSequence(SequenceSlots slots, int slot, int maxPending)
    {
        _slots = slots;
        Slot = slot;
        _tree = new PendingTree(maxPending);
        _chain = new int[maxPending];
        for (int i = 0; i < maxPending; i++) _chain[i] = i;
    }

    /// <summary>Number of its slot.</summary>
    public int Slot { get; }

    /// <summary>Its pending rows.</summary>
    public PendingTree Tree
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _tree;
        }
    }

    /// <inheritdoc/>
    public int Length { get; private set; }

    /// <inheritdoc/>
    public int Pending => _tree.Count;

    /// <summary>Whether the sequence lives in that cache.</summary>
    public bool BelongsTo(SequenceSlots slots) => ReferenceEquals(_slots, slots);

    /// <inheritdoc/>
    public void CommitPath(ReadOnlySpan<int> path)
    {
        Tree.CheckPath(path);
        _slots.Cache.Compact(Slot, Length, path);
        Length += path.Length;
        _tree.Clear();
    }

    /// <inheritdoc/>
    public void CommitChain(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Tree.Count) throw new ArgumentException($"cannot commit {count} pending rows; there are {Pending}", nameof(count));
        CommitPath(_chain.AsSpan(0, count));
    }

    /// <inheritdoc/>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > Length) throw new ArgumentException($"cannot truncate to {length} rows; {Length} are committed", nameof(length));
        Tree.Clear();
        Length = length;
    }

    /// <inheritdoc/>
    public void CopyPrefix(IDecoderSequence source, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (source is not CpuSequence other || !other.BelongsTo(_slots))
            throw new ArgumentException("the source is no sequence of this decoder", nameof(source));
        ObjectDisposedException.ThrowIf(other._disposed, other);
        if (length > other.Length)
            throw new ArgumentException($"cannot copy {length} rows; the source has {other.Length} committed", nameof(length));
        Tree.Clear();
        if (!ReferenceEquals(other, this)) _slots.Cache.Copy(other.Slot, Slot, length);
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _tree.Clear();
        Length = 0;
        _slots.Release(Slot);
    }
}
