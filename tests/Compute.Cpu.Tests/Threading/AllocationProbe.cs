using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Tests.Threading;

/// <summary>
/// Reads how much each thread of a pool has allocated so far. Unlike the process's total this does not count the test host's own threads.
/// </summary>
internal sealed class AllocationProbe(WorkerPool pool) : IParallelJob
{
    private readonly Dictionary<int, long> _allocated = new(pool.Threads);
    private int _arrived;

    public void Execute(int part)
    {
        // Every part waits for all others, so that each thread takes exactly one.
        Interlocked.Increment(ref _arrived);
        while (Volatile.Read(ref _arrived) < pool.Threads) Thread.Sleep(0);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        lock (_allocated) _allocated[Environment.CurrentManagedThreadId] = allocated;
    }

    /// <summary>Bytes allocated so far by thread.</summary>
    public Dictionary<int, long> Read()
    {
        _allocated.Clear();
        _arrived = 0;
        pool.Run(this, pool.Threads);
        return new Dictionary<int, long>(_allocated);
    }

    /// <summary>Asserts that no thread of the pool allocates while <paramref name="work"/> runs.</summary>
    public static void AssertNothing(WorkerPool pool, Action work)
    {
        var probe = new AllocationProbe(pool);
        probe.Read();
        int caller = Environment.CurrentManagedThreadId;
        var before = probe.Read();
        long callerBefore = GC.GetAllocatedBytesForCurrentThread();
        work();
        long callerAfter = GC.GetAllocatedBytesForCurrentThread();
        var after = probe.Read();
        Assert.Equal(pool.Threads, after.Count);
        Assert.Equal(0, callerAfter - callerBefore);
        foreach (var (thread, allocated) in after)
            if (thread != caller)
                Assert.Equal(before[thread], allocated);
    }
}
