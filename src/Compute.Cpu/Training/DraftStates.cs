using Atlas.Compute.Cpu.Decoding;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Results;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// The states of one forward of a draft, valid until the draft ends. Objects are reused in turn, so that a draft allocates nothing; each
/// knows the draft it belongs to.
/// </summary>
internal sealed class DraftStates(HeadDrafter owner, AlignedBuffer<float> block, int width) : CpuHiddenStates
{
    private long _draft = -1;
    private int _count;

    /// <inheritdoc/>
    public override int Width => width;

    /// <summary>The rows to fill.</summary>
    public RowBlock Rows { get; } = RowBlock.Over(block, width);

    /// <summary>Belongs to <paramref name="count"/> rows of the draft under way from now on.</summary>
    public void Renew(int count)
    {
        _draft = owner.Draft;
        _count = count;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int row)
    {
        if (_draft != owner.Draft) throw new InvalidOperationException("the hidden states belong to a draft that has ended");
        if ((uint)row >= (uint)_count) throw new ArgumentException($"row {row} does not exist; the forward had {_count}", nameof(row));
        return block.Span(row * Rows.Stride, width);
    }
}
