using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>
/// The engine of this build, seen through the seam. <c>ATLAS_TORCH_DEVICE</c> chooses the device (cpu), <c>ATLAS_TORCH_LIBRARY</c> the folder
/// of an installed libtorch.
/// </summary>
internal static class TorchUnderTest
{
#if ATLAS_TORCH
    public static string? SkipReason => null;

    public static IComputeEngine Create() => new TorchEngine(Options);

    public static TorchEngineOptions Options => new()
    {
        Device = Environment.GetEnvironmentVariable("ATLAS_TORCH_DEVICE") is { Length: > 0 } device ? device : "cpu",
        LibraryDirectory = Environment.GetEnvironmentVariable("ATLAS_TORCH_LIBRARY") is { Length: > 0 } directory ? directory : null,
    };
#else
    public static string? SkipReason => "built without TorchSharp: build with -p:AtlasTorch=cpu, cuda or system";

    public static IComputeEngine Create() => throw new NotSupportedException(SkipReason);
#endif
}
