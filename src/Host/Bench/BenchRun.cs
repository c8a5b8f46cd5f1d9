using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Bench;

/// <summary>Runs the measurements of <c>atlas bench</c>.</summary>
internal static class BenchRun
{
    private static readonly int[] RowCounts = [1, 2, 4, 8, 16];

    public static BenchResult Measure(IComputeEngine engine, BenchmarkShape shape, WeightFormat format, int rounds)
    {
        var limits = engine.MeasureLimits();
        using var benchmark = new DecoderBenchmark(engine, shape, format);
        var seconds = benchmark.StepSeconds(RowCounts, rounds);
        return new BenchResult
        {
            Engine = engine.Info,
            Limits = limits,
            Parameters = shape.ToConfig().ParameterCount,
            Format = format,
            StepBytes = benchmark.StepBytes,
            StepSeconds = seconds,
            PrefillTokensPerSecond = benchmark.PrefillTokensPerSecond(Math.Max(3, rounds / 10)),
            AllocatedBytesPerStep = benchmark.AllocatedBytesPerStep(1000),
        };
    }
}
