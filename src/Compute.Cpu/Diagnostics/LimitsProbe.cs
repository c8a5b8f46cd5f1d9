using System.Diagnostics;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Diagnostics;

/// <summary>
/// Measures read bandwidth and multiply-add peak with all threads of a pool: the best of a few passes of every access pattern. A
/// measurement takes about a tenth of a second, so that a benchmark can repeat it between its own steps.
/// </summary>
internal static class LimitsProbe
{
    private const int Passes = 3;

    /// <summary>One measurement; takes 256 MiB while it runs.</summary>
    public static DeviceLimits Measure(WorkerPool pool)
    {
        using var readJob = new ReadJob(pool.Threads);
        var multiplyAddJob = new MultiplyAddJob();
        double read = double.MaxValue, multiplyAdd = double.MaxValue;
        for (int pass = 0; pass < Passes; pass++)
        {
            foreach (var pattern in Enum.GetValues<ReadPattern>()) read = Math.Min(read, Seconds(() => readJob.Run(pool, pattern)));
            multiplyAdd = Math.Min(multiplyAdd, Seconds(() => pool.Run(multiplyAddJob, pool.Threads)));
        }
        return new DeviceLimits(ReadJob.Bytes / read / 1e9, MultiplyAddJob.Operations * pool.Threads / multiplyAdd / 1e9);
    }

    private static double Seconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
