using Atlas.Compute.Cpu.Threading;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>
/// A benchmark that says what its calls do, so that columns can show bytes and operations per second. Parameters are properties with
/// <see cref="ParamsAttribute"/>; nothing is allocated before <see cref="Setup"/>.
/// </summary>
public abstract class KernelBenchmark : IDisposable
{
    /// <summary>Bytes that operands take together at least, where a decode step would find them in no cache; calls go round them.</summary>
    public long WorkingSet { get; set; } = 256L << 20;

    /// <summary>What one call of the named method does with the parameters as they are set; needs no <see cref="Setup"/>.</summary>
    public abstract KernelWork Work(string method);

    /// <summary>Allocates and fills the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Pool = new WorkerPool(Threads);
        Prepare();
    }

    /// <summary>Frees the operands and ends the threads.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        Release();
        Pool?.Dispose();
        Pool = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Threads that compute, this one included; 0 takes one per processor.</summary>
    protected virtual int Threads => 0;

    /// <summary>Allocates and fills the operands; <see cref="Pool"/> is there.</summary>
    protected abstract void Prepare();

    /// <summary>Frees what <see cref="Prepare"/> made, if it was called.</summary>
    protected abstract void Release();

    private protected WorkerPool? Pool { get; private set; }
}
