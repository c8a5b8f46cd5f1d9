using Atlas.Evaluation.Benchmarks;
using Spectre.Console;

namespace Atlas.Host.Bench;

/// <summary>Measures with a progress bar that is drawn between rounds only, so that no other thread runs beside what is timed.</summary>
internal static class BenchProgress
{
    public static BenchmarkResult Measure(EngineBenchmark benchmark, int rounds)
    {
        if (Console.IsOutputRedirected) return benchmark.Measure();
        return AnsiConsole.Progress().AutoRefresh(false).AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask("measuring", maxValue: rounds + 1);
            progress.Refresh();
            return benchmark.Measure(done =>
            {
                task.Value = done;
                if (done > rounds) task.Description = "counting allocation";
                progress.Refresh();
            });
        });
    }
}
