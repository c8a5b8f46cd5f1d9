using Atlas.Evaluation.Benchmarks;
using Spectre.Console;

namespace Atlas.Host.Bench;

/// <summary>Measures with a progress bar that is drawn between rounds only, so that no other thread runs beside what is timed.</summary>
internal static class BenchProgress
{
    public static BenchmarkResult Measure(EngineBenchmark benchmark, int rounds) => Run(rounds, benchmark.Measure, "counting allocation");

    /// <summary>Runs something that tells how many rounds it has done; one more than those asked for warms up.</summary>
    public static T Run<T>(int rounds, Func<Action<int>?, T> measure, string last = "measuring")
    {
        if (Console.IsOutputRedirected) return measure(null);
        return AnsiConsole.Progress().AutoRefresh(false).AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask("measuring", maxValue: rounds + 1);
            progress.Refresh();
            return measure(done =>
            {
                task.Value = done;
                if (done > rounds) task.Description = last;
                progress.Refresh();
            });
        });
    }
}
