using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>Where and how a decoder lies on a device.</summary>
/// <param name="Device">The device.</param>
/// <param name="Type">Element type of matrices and caches.</param>
/// <param name="WorkspaceBytes">Most bytes that the temporary tensors of one pass may take.</param>
internal sealed record DevicePlace(torch.Device Device, torch.ScalarType Type, long WorkspaceBytes);
