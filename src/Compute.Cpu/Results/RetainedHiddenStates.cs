using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Results;

/// <summary>A copy of hidden states in a block of its own.</summary>
internal sealed class RetainedHiddenStates(int count, int width) : CpuHiddenStates, IRetainedHiddenStates
{
    private readonly AlignedBuffer<float> _buffer = new((long)count * width);

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public override int Width => width;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int row)
    {
        if ((uint)row >= (uint)count) throw new ArgumentException($"row {row} does not exist; {count} states are retained", nameof(row));
        return Writable(row);
    }

    /// <summary>A row to fill.</summary>
    public Span<float> Writable(int row) => _buffer.Span((long)row * width, width);

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}
