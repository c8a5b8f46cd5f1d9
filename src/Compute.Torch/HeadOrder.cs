using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// The order of heads and of their elements on the device, in which a forward needs fewer operations than in a checkpoint's. Weights are put
/// into it once, when they are read. Products of queries and keys do not depend on the order of elements that both have, nor does the output
/// product on the order of heads that its matrix has too.
/// </summary>
internal static class HeadOrder
{
    /// <summary>
    /// Checkpoints turn element i of a head with element i + headDim/2; this puts the two side by side, so that turning them is one product of
    /// complex numbers. Reorders rows (or elements) of whole heads in place.
    /// </summary>
    public static void Interleave(Tensor rows, int headDim)
    {
        using var scope = torch.NewDisposeScope();
        long total = rows.shape[0], width = rows.NumberOfElements / total;
        rows.copy_(rows.reshape(total / headDim, 2, headDim / 2, width).transpose(1, 2).reshape(rows.shape));
    }

    /// <summary>
    /// Checkpoints have the query heads that share a key head side by side; this puts the first of every key head first, then the second of
    /// every one, and so on. Then a row's queries are, without a copy, a few rows of attention over the key heads, and what attention makes of
    /// them is a row again. Reorders rows (or elements) of all query heads in place.
    /// </summary>
    public static void GroupsFirst(Tensor rows, int kvHeads, int headDim)
    {
        using var scope = torch.NewDisposeScope();
        long total = rows.shape[0], width = rows.NumberOfElements / total;
        rows.copy_(rows.reshape(kvHeads, total / kvHeads / headDim, headDim, width).transpose(0, 1).reshape(rows.shape));
    }
}
