using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// The order of a head's elements on the device. Checkpoints turn element i with element i + headDim/2; here these two lie side by side, so
/// that turning them is one product of complex numbers. Products of queries and keys do not depend on the order that both have.
/// </summary>
internal static class HeadPairs
{
    /// <summary>Reorders rows (or elements) of whole heads in place.</summary>
    public static void Interleave(Tensor rows, int headDim)
    {
        using var scope = torch.NewDisposeScope();
        long total = rows.shape[0], width = rows.NumberOfElements / total;
        rows.copy_(rows.view(total / headDim, 2, headDim / 2, width).transpose(1, 2).reshape(rows.shape));
    }
}
