using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Cache;

/// <summary>
/// Keys (already rotated) and values of all sequence slots, f32, [slot][layer][key, value][head][row][width]: one head's rows are one
/// stream. Rows 0 to length - 1 of a slot are committed and in logical order; pending rows follow. Memory is touched only as rows are
/// written.
/// </summary>
internal sealed unsafe class KvCache : IDisposable
{
    private readonly AlignedBuffer<float> _buffer;
    private readonly int _layers;
    private readonly long _headFloats;

    /// <summary>A cache of <paramref name="slots"/> sequences of <paramref name="rows"/> rows each.</summary>
    public KvCache(ModelConfig config, int slots, int rows)
    {
        _layers = config.Layers;
        Heads = config.KvHeads;
        Width = (config.HeadDim + 15) & ~15;
        Rows = rows;
        _headFloats = (long)rows * Width;
        _buffer = new AlignedBuffer<float>(checked(slots * SlotFloats));
    }

    /// <summary>Key/value heads per layer.</summary>
    public int Heads { get; }

    /// <summary>Head width padded with zeros to a multiple of 16.</summary>
    public int Width { get; }

    /// <summary>Rows of a slot.</summary>
    public int Rows { get; }

    private long SlotFloats => 2L * _layers * Heads * _headFloats;

    /// <summary>Row 0 of a head's keys.</summary>
    public float* Keys(int slot, int layer, int head) =>
        _buffer.Pointer + slot * SlotFloats + ((long)layer * 2 * Heads + head) * _headFloats;

    /// <summary>Row 0 of a head's values.</summary>
    public float* Values(int slot, int layer, int head) => Keys(slot, layer, head) + Heads * _headFloats;

    /// <summary>Moves pending rows to the end of the committed ones: row base + path[i] goes to row base + i.</summary>
    public void Compact(int slot, int committed, ReadOnlySpan<int> path)
    {
        // Paths ascend and path[i] >= i, so a row is read before it is overwritten.
        int first = 0;
        while (first < path.Length && path[first] == first) first++;
        if (first == path.Length) return;
        float* rows = _buffer.Pointer + slot * SlotFloats + (long)committed * Width;
        for (int stream = 0; stream < 2 * _layers * Heads; stream++, rows += _headFloats)
            for (int i = first; i < path.Length; i++)
                new ReadOnlySpan<float>(rows + (long)path[i] * Width, Width).CopyTo(new Span<float>(rows + (long)i * Width, Width));
    }

    /// <summary>Copies the first <paramref name="count"/> rows of one slot to another.</summary>
    public void Copy(int source, int destination, int count)
    {
        float* from = _buffer.Pointer + source * SlotFloats;
        float* to = _buffer.Pointer + destination * SlotFloats;
        long bytes = (long)count * Width * sizeof(float);
        for (int stream = 0; stream < 2 * _layers * Heads; stream++, from += _headFloats, to += _headFloats)
            Buffer.MemoryCopy(from, to, bytes, bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}
