using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Copies from the device to spans of the host.</summary>
internal static class HostCopy
{
    /// <summary>One row of a matrix of f32.</summary>
    public static void Row(Tensor matrix, int row, Span<float> destination)
    {
        using var scope = torch.NewDisposeScope();
        matrix.select(0, row).cpu().data<float>().CopyTo(destination);
    }
}
