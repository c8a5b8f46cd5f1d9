using System.Diagnostics;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling.Engine;

namespace Atlas.Compute.Cpu.Benchmarks;

/// <summary>Times the three products by which a linear layer trains, on all threads of a pool.</summary>
internal static class ProductProbe
{
    /// <summary>Rates in GFLOP/s: medians of passes that alternate, after one that warms up.</summary>
    public static ProductRates Measure(WorkerPool pool, int rows, int inputs, int outputs)
    {
        using var products = new LinearProducts(pool, rows, inputs, outputs);
        Action[] actions = [products.Forward, products.WeightGradient, products.InputGradient];
        var seconds = new double[actions.Length][];
        for (int i = 0; i < actions.Length; i++) seconds[i] = new double[IComputeEngine.ProductPasses];
        foreach (var action in actions) action();
        for (int pass = 0; pass < IComputeEngine.ProductPasses; pass++)
            for (int i = 0; i < actions.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                actions[i]();
                seconds[i][pass] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        double Rate(double[] times)
        {
            Array.Sort(times);
            return products.Operations / times[times.Length / 2] / 1e9;
        }
        return new ProductRates(Rate(seconds[0]), Rate(seconds[1]), Rate(seconds[2]));
    }
}
