using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Independent items on a pool. Workers claim <c>grain</c> items at a time; which worker does which item is left to chance, so what an item
/// computes must depend on the item alone. The worker's number selects scratch memory.
/// </summary>
internal abstract class ParallelLoop : IParallelJob
{
    private int _next;
    private int _items;
    private int _grain;

    /// <summary>Runs items 0 to <paramref name="items"/> - 1 and returns when all are done.</summary>
    protected void Run(WorkerPool pool, int items, int grain)
    {
        if (items == 0) return;
        _next = 0;
        _items = items;
        _grain = grain;
        pool.Run(this, Math.Min(pool.Threads, (items + grain - 1) / grain));
    }

    /// <summary>Does items <paramref name="first"/> to <paramref name="end"/> - 1.</summary>
    protected abstract void Body(int first, int end, int worker);

    void IParallelJob.Execute(int part)
    {
        while (true)
        {
            int first = Interlocked.Add(ref _next, _grain) - _grain;
            if (first >= _items) return;
            Body(first, Math.Min(first + _grain, _items), part);
        }
    }
}
