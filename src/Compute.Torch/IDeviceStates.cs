using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Hidden states that lie on a device already, so that a head can take rows of them without a copy through the host.</summary>
internal interface IDeviceStates
{
    /// <summary>Copies rows, f32 [rows, width], into a tensor of the caller's dispose scope.</summary>
    Tensor Select(ReadOnlySpan<int> rows);
}
