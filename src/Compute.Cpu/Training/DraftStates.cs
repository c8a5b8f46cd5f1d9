using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Results;

namespace Atlas.Compute.Cpu.Training;

/// <summary>The states of one forward of a draft, valid until the draft ends.</summary>
internal sealed class DraftStates(HeadDrafter owner, long draft, AlignedBuffer<float> block, int count, int width) : CpuHiddenStates
{
    /// <inheritdoc/>
    public override int Width => width;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int row)
    {
        if (draft != owner.Draft) throw new InvalidOperationException("the hidden states belong to a draft that has ended");
        if ((uint)row >= (uint)count) throw new ArgumentException($"row {row} does not exist; the forward had {count}", nameof(row));
        return block.Span((long)row * width, width);
    }
}
