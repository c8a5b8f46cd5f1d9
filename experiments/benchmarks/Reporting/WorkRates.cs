using Atlas.Benchmarks.Kernels;
using BenchmarkDotNet.Running;

namespace Atlas.Benchmarks.Reporting;

/// <summary>Finds out what a benchmark's case does: from an instance that has the case's parameters and was never set up.</summary>
internal static class WorkRates
{
    /// <summary>Work of one call; null where the benchmark does not tell.</summary>
    public static KernelWork? Of(BenchmarkCase benchmark)
    {
        if (Activator.CreateInstance(benchmark.Descriptor.Type) is not KernelBenchmark instance) return null;
        foreach (var parameter in benchmark.Parameters.Items)
            benchmark.Descriptor.Type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
        return instance.Work(benchmark.Descriptor.WorkloadMethod.Name);
    }
}
