using System.Diagnostics;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Diagnostics;

/// <summary>Measures read bandwidth and multiply-add peak with all threads of a pool; the best of several passes counts.</summary>
internal static class LimitsProbe
{
    private const int Passes = 12;

    public static DeviceLimits Measure(WorkerPool pool)
    {
        using var read = new ReadJob(pool.Threads);
        var multiplyAdd = new MultiplyAddJob();
        double bytes = read.Bytes / Best(pool, read, read.Parts) / 1e9;
        double flops = MultiplyAddJob.Operations * pool.Threads / Best(pool, multiplyAdd, pool.Threads) / 1e9;
        return new DeviceLimits(bytes, flops);
    }

    private static double Best(WorkerPool pool, IParallelJob job, int parts)
    {
        double best = double.MaxValue;
        for (int pass = 0; pass < Passes; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            pool.Run(job, parts);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
