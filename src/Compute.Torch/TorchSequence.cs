using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch;

/// <summary>A sequence's slot in the cache: how many rows are committed, and the tree of pending ones behind them.</summary>
internal sealed class TorchSequence : IDecoderSequence
{
    private readonly TorchDecoder _decoder;
    private readonly KvCache _cache;
    private readonly int _contextLength;
    private bool _disposed;

    /// <summary>An empty sequence on a slot of its own.</summary>
    public TorchSequence(TorchDecoder decoder, KvCache cache, int slot)
    {
        _decoder = decoder;
        _cache = cache;
        _contextLength = decoder.Options.ContextLength;
        Slot = slot;
        Tree = new PendingTree(decoder.Options.MaxPending);
    }

    /// <summary>Slot in the cache.</summary>
    public int Slot { get; }

    /// <summary>Parents and depths of the pending rows.</summary>
    public PendingTree Tree { get; }

    /// <inheritdoc/>
    public int Length { get; private set; }

    /// <inheritdoc/>
    public int Pending => Tree.Count;

    /// <summary>Whether this is a sequence of that decoder.</summary>
    public bool BelongsTo(TorchDecoder decoder) => ReferenceEquals(_decoder, decoder);

    /// <summary>Throws when the sequence has been disposed.</summary>
    public void CheckOpen() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <inheritdoc/>
    public void CommitPath(ReadOnlySpan<int> path)
    {
        CheckOpen();
        Tree.CheckPath(path);
        CheckRoom(path.Length);
        // Rows of a path rise, so what already lies at its place is a prefix of it.
        int inPlace = 0;
        while (inPlace < path.Length && path[inPlace] == inPlace) inPlace++;
        if (inPlace < path.Length)
        {
            var rows = new long[path.Length - inPlace];
            for (int i = 0; i < rows.Length; i++) rows[i] = Length + path[inPlace + i];
            _cache.Compact(Slot, rows, Length + inPlace);
        }
        Length += path.Length;
        Tree.Clear();
    }

    /// <inheritdoc/>
    public void CommitChain(int count)
    {
        CheckOpen();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Pending)
            throw new ArgumentException($"chain of {count} rows; there are {Pending} pending", nameof(count));
        for (int row = 0; row < count; row++)
            if (Tree.Parent(row) != row - 1)
                throw new ArgumentException($"pending row {row} is a child of {Tree.Parent(row)}; expected a chain", nameof(count));
        CheckRoom(count);
        Length += count;
        Tree.Clear();
    }

    /// <inheritdoc/>
    public void Truncate(int length)
    {
        CheckOpen();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > Length)
            throw new ArgumentException($"truncation to {length}; expected 0 to {Length}", nameof(length));
        Length = length;
        Tree.Clear();
    }

    /// <inheritdoc/>
    public void CopyPrefix(IDecoderSequence source, int length)
    {
        CheckOpen();
        if (source is not TorchSequence other || !other.BelongsTo(_decoder))
            throw new ArgumentException("the source is a sequence of another decoder", nameof(source));
        other.CheckOpen();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > other.Length)
            throw new ArgumentException($"prefix of {length} rows; the source has {other.Length}", nameof(length));
        if (!ReferenceEquals(this, other) && length > 0) _cache.CopyPrefix(other.Slot, Slot, length);
        Length = length;
        Tree.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _decoder.Release(Slot);
    }

    private void CheckRoom(int rows)
    {
        if (Length + rows > _contextLength)
            throw new InvalidOperationException($"{Length} rows and {rows} more exceed the context of {_contextLength}");
    }
}
