using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Cache;

/// <summary>
/// Keys (already rotated) and values of all sequence slots, [slot][layer][head][keys, values], laid out as the weights of the two products
/// of attention. Keys are panels of sixteen rows whose inputs are the elements of a key; values are panels of sixteen elements whose inputs
/// are the rows. Rows 0 to length - 1 of a slot are committed and in logical order; pending rows follow. Memory is touched only as rows are
/// written.
/// </summary>
internal sealed unsafe class KvCache : IDisposable
{
    private readonly AlignedBuffer<byte> _buffer;
    private readonly int _layers;
    private readonly int _keyPanels;
    private readonly bool _f32;

    /// <summary>A cache of <paramref name="slots"/> sequences of <paramref name="rows"/> rows each.</summary>
    public KvCache(ModelConfig config, WeightFormat format, int slots, int rows)
    {
        Format = format;
        _f32 = format == WeightFormat.F32;
        _layers = config.Layers;
        Heads = config.KvHeads;
        Width = (config.HeadDim + 15) & ~15;
        Rows = (rows + 15) & ~15;
        _keyPanels = Rows / 16;
        KeyPanelBytes = CpuKernels.PanelBytes(format, Width);
        ValuePanelBytes = CpuKernels.PanelBytes(format, Rows);
        _buffer = new AlignedBuffer<byte>(checked(slots * SlotBytes));
    }

    /// <summary>F32 or BF16.</summary>
    public WeightFormat Format { get; }

    /// <summary>Key/value heads per layer.</summary>
    public int Heads { get; }

    /// <summary>Head width padded with zeros to a multiple of 16.</summary>
    public int Width { get; }

    /// <summary>Rows of a slot, a multiple of 16.</summary>
    public int Rows { get; }

    /// <summary>Bytes from one panel of keys to the next.</summary>
    public long KeyPanelBytes { get; }

    /// <summary>Bytes from one panel of values to the next.</summary>
    public long ValuePanelBytes { get; }

    /// <summary>Bytes of one row over all layers and heads.</summary>
    public long RowBytes => 2L * _layers * Heads * Width * (_f32 ? 4 : 2);

    private long KeyBytes => _keyPanels * KeyPanelBytes;

    private long HeadBytes => KeyBytes + Width / 16 * ValuePanelBytes;

    private long SlotBytes => _layers * Heads * HeadBytes;

    /// <summary>First panel of a head's keys.</summary>
    public byte* Keys(int slot, int layer, int head) => _buffer.Pointer + slot * SlotBytes + ((long)layer * Heads + head) * HeadBytes;

    /// <summary>First panel of a head's values.</summary>
    public byte* Values(int slot, int layer, int head) => Keys(slot, layer, head) + KeyBytes;

    /// <summary>Writes one row of a head, [Width] each.</summary>
    public void Write(int slot, int layer, int head, int row, float* key, float* value)
    {
        byte* keys = Keys(slot, layer, head) + (row >> 4) * KeyPanelBytes;
        byte* values = Values(slot, layer, head);
        if (_f32) Write<F32Panels>(keys, values, row, key, value);
        else Write<Bf16Panels>(keys, values, row, key, value);
    }

    /// <summary>Moves pending rows to the end of the committed ones: row base + path[i] goes to row base + i.</summary>
    public void Compact(int slot, int committed, ReadOnlySpan<int> path)
    {
        // Paths ascend and path[i] >= i, so a row is read before it is overwritten.
        int first = 0;
        while (first < path.Length && path[first] == first) first++;
        if (first == path.Length) return;
        byte* head = Keys(slot, 0, 0);
        for (int h = 0; h < _layers * Heads; h++, head += HeadBytes)
            for (int i = first; i < path.Length; i++)
                if (_f32) Copy<F32Panels>(head, committed + path[i], committed + i);
                else Copy<Bf16Panels>(head, committed + path[i], committed + i);
    }

    /// <summary>Copies the first <paramref name="count"/> rows of one slot to another.</summary>
    public void Copy(int source, int destination, int count)
    {
        byte* from = Keys(source, 0, 0), to = Keys(destination, 0, 0);
        long keyBytes = (count + 15) / 16 * KeyPanelBytes, valueBytes = CpuKernels.PanelBytes(Format, count);
        for (int h = 0; h < _layers * Heads; h++, from += HeadBytes, to += HeadBytes)
        {
            Buffer.MemoryCopy(from, to, keyBytes, keyBytes);
            for (int panel = 0; panel < Width / 16; panel++)
            {
                long offset = KeyBytes + panel * ValuePanelBytes;
                Buffer.MemoryCopy(from + offset, to + offset, valueBytes, valueBytes);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private void Write<TFormat>(byte* keyPanel, byte* values, int row, float* key, float* value) where TFormat : struct, IFloatPanels
    {
        TFormat.WriteOutput(keyPanel, row & 15, key, Width);
        for (int panel = 0; panel < Width / 16; panel++) TFormat.WriteInput(values + panel * ValuePanelBytes, row, value + panel * 16);
    }

    private void Copy<TFormat>(byte* head, int source, int destination) where TFormat : struct, IFloatPanels
    {
        TFormat.CopyOutput(head + (source >> 4) * KeyPanelBytes, source & 15, head + (destination >> 4) * KeyPanelBytes, destination & 15, Width);
        for (int panel = 0; panel < Width / 16; panel++) TFormat.CopyInput(head + KeyBytes + panel * ValuePanelBytes, source, destination);
    }
}
