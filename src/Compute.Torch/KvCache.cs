using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Keys and values of all layers and sequence slots in one preallocated tensor, [layer and kind, slot, row, kv head, headDim]: kind 0 keys,
/// 1 values. Committed rows of a slot come first in logical order, pending rows behind them. Rows that were never written are zero, because
/// attention multiplies what it masks by zero.
/// </summary>
internal sealed class KvCache : IDisposable
{
    private readonly Tensor _store;

    /// <summary>Allocates the cache.</summary>
    /// <param name="layers">Blocks of the decoder.</param>
    /// <param name="slots">Sequences.</param>
    /// <param name="rows">Rows of a slot, committed and pending together.</param>
    /// <param name="heads">Key/value heads.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where it lies.</param>
    public KvCache(int layers, int slots, int rows, int heads, int headDim, torch.ScalarType type, torch.Device device)
    {
        Rows = rows;
        _store = torch.zeros([2 * layers, slots, rows, heads, headDim], type, device);
    }

    /// <summary>Rows of a slot.</summary>
    public int Rows { get; }

    /// <summary>Bytes of one row's keys and values, all layers together.</summary>
    public long BytesPerToken => _store.shape[0] * _store.shape[3] * _store.shape[4] * _store.element_size();

    /// <summary>Bytes that a cache of such sizes takes.</summary>
    public static long BytesOf(int layers, int slots, int rows, int heads, int headDim, torch.ScalarType type) =>
        2L * layers * slots * rows * heads * headDim * type.ElementSize();

    /// <summary>Writes new keys and values, f32 [n, heads, headDim], of a layer to rows counted over all slots, int64 [n].</summary>
    public void Write(int layer, Tensor rows, Tensor keys, Tensor values)
    {
        using var scope = torch.NewDisposeScope();
        Flat(2 * layer).index_copy_(0, rows, keys.to(_store.dtype));
        Flat(2 * layer + 1).index_copy_(0, rows, values.to(_store.dtype));
    }

    /// <summary>The first <paramref name="length"/> rows of some slots: keys and values, each [slots, heads, length, headDim].</summary>
    public (Tensor Keys, Tensor Values) Read(int layer, SlotSelection slots, int length) =>
        (Gather(2 * layer, slots, length), Gather(2 * layer + 1, slots, length));

    /// <summary>Moves rows of a slot, in all layers, to consecutive rows from <paramref name="destination"/> on.</summary>
    public void Compact(int slot, long[] rows, int destination)
    {
        using var scope = torch.NewDisposeScope();
        var part = _store.select(1, slot);
        var moved = part.index_select(1, torch.tensor(rows).to(_store.device));
        part.narrow(1, destination, rows.Length).copy_(moved);
    }

    /// <summary>Copies the first <paramref name="length"/> rows of one slot to another.</summary>
    public void CopyPrefix(int source, int destination, int length)
    {
        using var scope = torch.NewDisposeScope();
        _store.select(1, destination).narrow(1, 0, length).copy_(_store.select(1, source).narrow(1, 0, length));
    }

    /// <summary>Zeroes all slots, so that no value of former weights (not even NaN) can reach a new forward.</summary>
    public void Clear() => _store.zero_();

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private Tensor Flat(int index) => _store.select(0, index).flatten(0, 1);

    private Tensor Gather(int index, SlotSelection slots, int length)
    {
        using var scope = torch.NewDisposeScope();
        return slots.Of(_store.select(0, index).narrow(1, 0, length)).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
