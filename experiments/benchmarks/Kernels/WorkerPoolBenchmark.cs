using Atlas.Compute.Cpu.Threading;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>Handing a job to the pool's threads and waiting for it: what a decode step pays some hundred times.</summary>
public class WorkerPoolBenchmark : KernelBenchmark
{
    private readonly NoWork _job = new();

    /// <summary>Threads of the pool: one, two, and one per processor.</summary>
    [ParamsSource(nameof(ThreadCounts))]
    public int PoolThreads { get; set; }

    /// <summary>Values of <see cref="PoolThreads"/>.</summary>
    public static IEnumerable<int> ThreadCounts => new[] { 1, 2, Environment.ProcessorCount }.Distinct();

    /// <inheritdoc/>
    public override KernelWork Work(string method) => new(0, 1, "run");

    /// <summary>A job of one empty part for each thread.</summary>
    [Benchmark]
    public void HandOff() => Pool!.Run(_job, PoolThreads);

    /// <inheritdoc/>
    protected override int Threads => PoolThreads;

    /// <inheritdoc/>
    protected override void Prepare()
    {
    }

    /// <inheritdoc/>
    protected override void Release()
    {
    }

    private sealed class NoWork : IParallelJob
    {
        public void Execute(int part)
        {
        }
    }
}
