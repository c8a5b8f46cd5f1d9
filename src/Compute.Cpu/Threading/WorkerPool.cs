using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Atlas.Compute.Cpu.Threading;

/// <summary>
/// A fixed set of threads that run the parts of one job at a time; the calling thread takes part. Parts are claimed from an atomic counter.
/// Between jobs workers spin for a millisecond, so that the many short jobs of a decode step, and the next step behind drafting and a slice of
/// learning, follow each other without a system call, and then park. A run allocates nothing. Calls from several threads are run one after the other; a part must not call
/// <see cref="Run"/> of its own pool.
/// </summary>
public sealed class WorkerPool : IDisposable
{
    private static readonly long SpinTicks = Stopwatch.Frequency / 1_000;

    [ThreadStatic]
    private static WorkerPool? _threadPool;

    private readonly Thread[] _workers;
    private readonly Lock _callers = new();
    private readonly object _workerGate = new();
    private readonly object _callerGate = new();
    private readonly bool _spins;

    // The run's number in the upper half, parts not yet claimed in the lower. Claiming compares the whole, so a worker that comes late can
    // take no part of a run it has not seen.
    private long _ticket;
    private IParallelJob? _job;
    private int _parts;
    private int _unfinished;
    private int _parkedWorkers;
    private int _parkedCaller;
    private ExceptionDispatchInfo? _fault;
    private volatile bool _disposed;

    /// <summary>A pool that computes on <paramref name="threads"/> threads, the caller's included; 0 takes one per processor.</summary>
    /// <param name="threads">Number of threads.</param>
    /// <param name="pinned">
    /// Whether every worker stays on a processor of its own. The caller's thread is not the pool's to pin: the system moves it to the
    /// processor that is left.
    /// </param>
    public WorkerPool(int threads = 0, bool pinned = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
        _spins = Threads <= Environment.ProcessorCount;
        _workers = new Thread[Threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            int processor = pinned ? i + 1 : -1;
            _workers[i] = new Thread(() => Work(processor)) { IsBackground = true, Name = $"atlas-compute-{i + 1}" };
            _workers[i].Start();
        }
    }

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs parts 0 to <paramref name="parts"/> - 1 of <paramref name="job"/> and returns when all are done. If parts throw, the others
    /// still run, and the first exception is thrown here.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    /// <exception cref="InvalidOperationException">Called from within a part.</exception>
    public void Run(IParallelJob job, int parts)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (ReferenceEquals(_threadPool, this)) throw new InvalidOperationException("a part of a job must not run another job on the same pool");
        if (parts <= 0) return;
        lock (_callers)
        {
            var outer = _threadPool;
            _threadPool = this;
            try
            {
                if (_workers.Length == 0 || parts == 1) RunAlone(job, parts);
                else RunTogether(job, parts);
            }
            finally
            {
                _threadPool = outer;
            }
            var fault = _fault;
            _fault = null;
            fault?.Throw();
        }
    }

    /// <summary>Ends the workers and waits for them. A run under way in another thread is finished first.</summary>
    public void Dispose()
    {
        lock (_callers)
        {
            if (_disposed) return;
            _disposed = true;
            lock (_workerGate) Monitor.PulseAll(_workerGate);
        }
        foreach (var worker in _workers) worker.Join();
    }

    private void RunAlone(IParallelJob job, int parts)
    {
        for (int part = 0; part < parts; part++) Execute(job, part);
    }

    private void RunTogether(IParallelJob job, int parts)
    {
        _job = job;
        _parts = parts;
        Volatile.Write(ref _unfinished, parts);
        long ticket = ((_ticket >> 32) + 1) << 32 | (uint)parts;
        Interlocked.Exchange(ref _ticket, ticket);
        if (Volatile.Read(ref _parkedWorkers) > 0)
            lock (_workerGate)
                Monitor.PulseAll(_workerGate);
        Claim(ticket >> 32);
        AwaitParts();
        _job = null;
    }

    private void AwaitParts()
    {
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _unfinished) != 0)
        {
            if (_spins && Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(4);
                continue;
            }
            lock (_callerGate)
            {
                Interlocked.Exchange(ref _parkedCaller, 1);
                while (Volatile.Read(ref _unfinished) != 0) Monitor.Wait(_callerGate);
                Volatile.Write(ref _parkedCaller, 0);
            }
        }
    }

    // Takes parts of run number `run` until none is left.
    private void Claim(long run)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            if (ticket >> 32 != run || (uint)ticket == 0) return;
            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket) continue;
            // The part is ours, so the run cannot end, and its fields cannot change, before we finish it.
            Execute(_job!, _parts - (int)(uint)ticket);
            if (Interlocked.Decrement(ref _unfinished) == 0 && Volatile.Read(ref _parkedCaller) != 0)
                lock (_callerGate)
                    Monitor.PulseAll(_callerGate);
        }
    }

    private void Execute(IParallelJob job, int part)
    {
        try
        {
            job.Execute(part);
        }
#pragma warning disable CA1031 // Whatever a part throws is thrown again by Run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private void Work(int processor)
    {
        _threadPool = this;
        if (processor >= 0) ThreadAffinity.Pin(processor);
        long seen = 0;
        while (!_disposed)
        {
            long run = Volatile.Read(ref _ticket) >> 32;
            if (run == seen && !AwaitRun(seen)) continue;
            run = Volatile.Read(ref _ticket) >> 32;
            Claim(run);
            seen = run;
        }
    }

    // False when the pool was disposed meanwhile.
    private bool AwaitRun(long seen)
    {
        long start = Stopwatch.GetTimestamp();
        while (_spins && Stopwatch.GetTimestamp() - start < SpinTicks)
        {
            if (Volatile.Read(ref _ticket) >> 32 != seen) return true;
            if (_disposed) return false;
            Thread.SpinWait(4);
        }
        lock (_workerGate)
        {
            Interlocked.Increment(ref _parkedWorkers);
            while (Volatile.Read(ref _ticket) >> 32 == seen && !_disposed) Monitor.Wait(_workerGate);
            Interlocked.Decrement(ref _parkedWorkers);
        }
        return !_disposed;
    }
}
