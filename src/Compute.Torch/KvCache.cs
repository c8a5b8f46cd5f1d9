using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Keys and values of all layers and sequence slots in one preallocated tensor, [layer, slot, row, 2 x kv heads, headDim]: a row's keys, then
/// its values, as the stacked product makes them, so that one operation writes both. Committed rows of a slot come first in logical order,
/// pending rows behind them. Rows that were never written are zero, because attention multiplies what it masks by zero.
/// </summary>
internal sealed class KvCache : IDisposable
{
    // Columns of a mask come in multiples of this, so that its rows are aligned as the attention kernels ask: else they copy it in every layer.
    private const int RowStep = 16;

    /// <summary>Allocates the cache.</summary>
    /// <param name="layers">Blocks of the decoder.</param>
    /// <param name="slots">Sequences.</param>
    /// <param name="rows">Rows of a slot, committed and pending together; rounded up.</param>
    /// <param name="heads">Key/value heads.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where it lies.</param>
    public KvCache(int layers, int slots, int rows, int heads, int headDim, torch.ScalarType type, torch.Device device)
    {
        Rows = Rounded(rows);
        Store = torch.zeros([layers, slots, Rows, 2 * heads, headDim], type, device);
    }

    /// <summary>Rows of a slot.</summary>
    public int Rows { get; }

    /// <summary>The tensor itself.</summary>
    public Tensor Store { get; }

    /// <summary>Bytes of one row's keys and values, all layers together.</summary>
    public long BytesPerToken => Store.shape[0] * Store.shape[3] * Store.shape[4] * Store.element_size();

    /// <summary>Bytes that a cache of such sizes takes.</summary>
    public static long BytesOf(int layers, int slots, int rows, int heads, int headDim, torch.ScalarType type) =>
        2L * layers * slots * Rounded(rows) * heads * headDim * type.ElementSize();

    /// <summary>Columns that a mask over some rows takes: those of a slot at most.</summary>
    public static int Rounded(int rows) => (rows + RowStep - 1) / RowStep * RowStep;

    /// <summary>Moves rows of a slot, in all layers, to consecutive rows from <paramref name="destination"/> on.</summary>
    public void Compact(int slot, long[] rows, int destination)
    {
        using var scope = torch.NewDisposeScope();
        var part = Store.select(1, slot);
        var moved = part.index_select(1, torch.tensor(rows).to(Store.device));
        part.narrow(1, destination, rows.Length).copy_(moved);
    }

    /// <summary>Copies the first <paramref name="length"/> rows of one slot to another.</summary>
    public void CopyPrefix(int source, int destination, int length)
    {
        using var scope = torch.NewDisposeScope();
        Store.select(1, destination).narrow(1, 0, length).copy_(Store.select(1, source).narrow(1, 0, length));
    }

    /// <summary>Zeroes all slots, so that no value of former weights (not even NaN) can reach a new forward.</summary>
    public void Clear() => Store.zero_();

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();
}
