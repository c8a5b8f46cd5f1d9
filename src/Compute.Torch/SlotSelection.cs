using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Which cache slots a forward reads. Consecutive ones, as of a full batch in order, are read in place; others are gathered.</summary>
internal sealed class SlotSelection
{
    private readonly long _first;
    private readonly long _count;
    private readonly Tensor? _indices;

    /// <summary>The slots in the order of the batch.</summary>
    /// <param name="slots">On the host.</param>
    /// <param name="indices">The same on the device, int64; belongs to the caller's dispose scope.</param>
    public SlotSelection(long[] slots, Tensor indices)
    {
        _first = slots[0];
        _count = slots.Length;
        for (int i = 1; i < slots.Length; i++)
            if (slots[i] != _first + i)
            {
                _indices = indices;
                return;
            }
    }

    /// <summary>Those slots of a tensor whose first dimension counts slots.</summary>
    public Tensor Of(Tensor perSlot) => _indices is null ? perSlot.narrow(0, _first, _count) : perSlot.index_select(0, _indices);
}
