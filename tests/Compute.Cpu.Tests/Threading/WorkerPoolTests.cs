using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Tests.Threading;

public class WorkerPoolTests
{
    private sealed class CountingJob(int parts) : IParallelJob
    {
        public int[] Counts { get; } = new int[parts];
        public int ThrowAt { get; init; } = -1;
        public Action<int>? OnPart { get; init; }

        public void Execute(int part)
        {
            Interlocked.Increment(ref Counts[part]);
            OnPart?.Invoke(part);
            if (part == ThrowAt) throw new InvalidDataException($"part {part}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_part_runs_exactly_once_in_every_run(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int run = 0; run < 2000; run++)
        {
            var job = new CountingJob(run % 17);
            pool.Run(job, run % 17);
            Assert.All(job.Counts, c => Assert.Equal(1, c));
        }
    }

    [Fact]
    public void Runs_after_workers_parked_are_complete()
    {
        using var pool = new WorkerPool(3);
        for (int run = 0; run < 20; run++)
        {
            Thread.Sleep(2);
            var job = new CountingJob(9) { OnPart = part => { if (part == 8) Thread.Sleep(1); } };
            pool.Run(job, 9);
            Assert.All(job.Counts, c => Assert.Equal(1, c));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_in_a_part_reaches_the_caller_and_the_pool_stays_usable(int threads)
    {
        using var pool = new WorkerPool(threads);
        var faulty = new CountingJob(8) { ThrowAt = 3 };
        var e = Assert.Throws<InvalidDataException>(() => pool.Run(faulty, 8));
        Assert.Equal("part 3", e.Message);
        Assert.All(faulty.Counts, c => Assert.Equal(1, c));
        var next = new CountingJob(8);
        pool.Run(next, 8);
        Assert.All(next.Counts, c => Assert.Equal(1, c));
    }

    [Fact]
    public void Callers_on_several_threads_are_serialised()
    {
        using var pool = new WorkerPool(2);
        int inside = 0, overlaps = 0;
        var callers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int run = 0; run < 200; run++)
            {
                int mine = 0;
                var job = new CountingJob(4)
                {
                    OnPart = _ =>
                    {
                        if (Interlocked.Increment(ref mine) == 1 && Interlocked.Increment(ref inside) != 1) Interlocked.Increment(ref overlaps);
                        if (Volatile.Read(ref mine) == 4) Volatile.Write(ref inside, 0);
                    },
                };
                pool.Run(job, 4);
                Assert.All(job.Counts, c => Assert.Equal(1, c));
            }
        })).ToArray();
        foreach (var caller in callers) caller.Start();
        foreach (var caller in callers) caller.Join();
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public void A_part_that_runs_another_job_is_refused()
    {
        using var pool = new WorkerPool(2);
        var job = new CountingJob(2) { OnPart = _ => pool.Run(new CountingJob(1), 1) };
        Assert.Throws<InvalidOperationException>(() => pool.Run(job, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Runs_allocate_nothing_on_any_thread(int threads)
    {
        using var pool = new WorkerPool(threads);
        var job = new CountingJob(8);
        for (int i = 0; i < 100; i++) pool.Run(job, 8);
        AllocationProbe.AssertNothing(pool, () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                pool.Run(job, 8);
                // Workers park now and then.
                if (i % 250 == 0) Thread.Sleep(1);
            }
        });
    }

    [Fact]
    public void A_disposed_pool_refuses_work_and_disposes_twice()
    {
        var pool = new WorkerPool(3);
        pool.Run(new CountingJob(5), 5);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(new CountingJob(1), 1));
    }

    [Fact]
    public void Pinned_workers_run_on_one_processor_each_and_the_caller_stays_free()
    {
        if (!OperatingSystem.IsLinux()) return;
        int before = ThreadAffinity.Allowed();
        using var pool = new WorkerPool(3, pinned: true);
        using var job = new AffinityJob();
        pool.Run(job, 3);
        Assert.Equal(before, ThreadAffinity.Allowed());
        Assert.All(job.AllowedOnOthers, allowed => Assert.Equal(1, allowed));
    }

    // Every part waits for the others, so that each runs on a thread of its own.
    private sealed class AffinityJob : IParallelJob, IDisposable
    {
        private readonly Barrier _barrier = new(3);
        private readonly int _caller = Environment.CurrentManagedThreadId;

        public System.Collections.Concurrent.ConcurrentBag<int> AllowedOnOthers { get; } = [];

        public void Dispose() => _barrier.Dispose();

        public void Execute(int part)
        {
            _barrier.SignalAndWait();
            if (Environment.CurrentManagedThreadId != _caller) AllowedOnOthers.Add(ThreadAffinity.Allowed());
        }
    }
}
