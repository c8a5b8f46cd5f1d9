using Atlas.Compute.Cpu.Kernels;

namespace Atlas.Compute.Cpu.Tests.Kernels;

/// <summary>The kernel sets of this machine by name, for theories.</summary>
public static class KernelSets
{
    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var kernels in CpuKernels.Available()) names.Add(kernels.Name);
            return names;
        }
    }

    internal static CpuKernels Get(string name) => CpuKernels.Available().Single(k => k.Name == name);

    /// <summary>Plain floats: what the others must equal to the bit.</summary>
    internal static CpuKernels Scalar => CpuKernels.Available().Last();
}
