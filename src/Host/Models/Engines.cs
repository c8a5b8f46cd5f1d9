using Atlas.Compute.Cpu;
using Atlas.Host.CommandLine;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Models;

/// <summary>The engines of this build, by name: the one place that knows which there are.</summary>
internal static class Engines
{
    /// <summary>Creates an engine; of the options TorchSharp knows the number of threads.</summary>
    public static IComputeEngine Create(string name, CpuEngineOptions options) => name switch
    {
        "cpu" => new CpuEngine(options),
#if ATLAS_TORCH
        "torch" => CreateTorch(options.Threads),
#else
        "torch" => throw new UsageException(
            "--engine torch is not in this build; expected one made with -p:AtlasTorch=cpu, cuda or system (docs/torch.md)"),
#endif
        _ => throw new UsageException($"--engine is {name}; expected cpu or torch"),
    };

    /// <summary>Whether an engine trains heads on a target's hidden states, which the learned speculator needs.</summary>
#if ATLAS_TORCH
    public static bool TrainHeads(IComputeEngine engine) => engine is CpuEngine or Atlas.Compute.Torch.TorchEngine;
#else
    public static bool TrainHeads(IComputeEngine engine) => engine is CpuEngine;
#endif

    /// <summary>The engine that a target's static draft model runs on: the target's, where no other device was asked for.</summary>
#if ATLAS_TORCH
    public static IComputeEngine ForDraft(IComputeEngine engine) => engine is Atlas.Compute.Torch.TorchEngine torch ? torch.ForDraft() : engine;
#else
    public static IComputeEngine ForDraft(IComputeEngine engine) => engine;
#endif

    /// <summary>The format of fewest bytes that an engine has products for.</summary>
    public static WeightFormat LeastFormat(IComputeEngine engine) => engine is CpuEngine ? WeightFormat.Int8 : WeightFormat.BF16;

#if ATLAS_TORCH
    private static Atlas.Compute.Torch.TorchEngine CreateTorch(int threads)
    {
        var options = Atlas.Compute.Torch.TorchEngineOptions.FromEnvironment();
        return new(threads == 0 ? options : options with { Threads = threads });
    }
#endif
}
