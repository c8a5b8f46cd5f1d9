using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Which cache slots a forward reads. Consecutive ones, as of a full batch in order, are read in place; others are gathered.</summary>
internal sealed class SlotSelection
{
    /// <summary>The slots in the order of the batch.</summary>
    /// <param name="slots">On the host.</param>
    /// <param name="indices">The same on the device, int64; belongs to the caller's dispose scope.</param>
    public SlotSelection(long[] slots, Tensor indices)
    {
        First = (int)slots[0];
        for (int i = 1; i < slots.Length; i++)
            if (slots[i] != First + i)
            {
                Indices = indices;
                return;
            }
    }

    /// <summary>First slot.</summary>
    public int First { get; }

    /// <summary>All slots, int64, where they are not consecutive; null where they are.</summary>
    public Tensor? Indices { get; }
}
