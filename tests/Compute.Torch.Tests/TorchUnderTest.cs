using Atlas.Modeling.Engine;

namespace Atlas.Compute.Torch.Tests;

/// <summary>
/// The engine of this build, seen through the seam; the environment chooses device and libtorch as <c>TorchEngineOptions</c> says.
/// </summary>
internal static class TorchUnderTest
{
#if ATLAS_TORCH
    public static IComputeEngine Create() => new TorchEngine(Options);

    /// <summary>For the shipped models, which keep several threads busy.</summary>
    public static IComputeEngine CreateWithAllThreads() =>
        new TorchEngine(TorchEngineOptions.FromEnvironment() is { Threads: 0 } options
            ? options with { Threads = Environment.ProcessorCount }
            : TorchEngineOptions.FromEnvironment());

    // The models are so small that several threads would only wait for each other.
    public static TorchEngineOptions Options =>
        TorchEngineOptions.FromEnvironment() is { Threads: 0 } options ? options with { Threads = 1 } : TorchEngineOptions.FromEnvironment();
#else
    public const string SkipReason = "built without TorchSharp: build with -p:AtlasTorch=cpu, cuda or system";

    public static IComputeEngine Create() => throw new NotSupportedException(SkipReason);

    public static IComputeEngine CreateWithAllThreads() => Create();
#endif
}
