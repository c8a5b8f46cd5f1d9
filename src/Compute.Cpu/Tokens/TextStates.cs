using Atlas.Compute.Cpu.Results;

namespace Atlas.Compute.Cpu.Tokens;

/// <summary>The texts behind the tokens of one forward of a draft, valid until the draft ends.</summary>
internal sealed class TextStates(int maxRows, int width) : CpuHiddenStates
{
    private readonly float[] _values = new float[maxRows * width];
    private int _count;

    /// <inheritdoc/>
    public override int Width => width;

    /// <summary>The next row, to be filled.</summary>
    public Span<float> Add() => _values.AsSpan(_count++ * width, width);

    /// <summary>Ends the life of all rows.</summary>
    public void Clear() => _count = 0;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int row)
    {
        if ((uint)row >= (uint)_count) throw new InvalidOperationException($"state {row} of {_count} does not exist, or its draft has ended");
        return _values.AsSpan(row * width, width);
    }
}
