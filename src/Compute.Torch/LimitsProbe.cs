using System.Diagnostics;
using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// Measures a device through libtorch: reading by the sum of a long f32 vector, multiply-adds by a square f32 matrix product. Each is the
/// best of the runs that fit into half a second, after one that warms up.
/// </summary>
internal static class LimitsProbe
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.5);

    /// <summary>Takes about a second.</summary>
    public static DeviceLimits Measure(torch.Device device)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        bool cuda = device.type == DeviceType.CUDA;
        var done = cuda ? (Action)(() => torch.cuda.synchronize(device)) : () => { };
        long elements = cuda ? 1L << 28 : 1L << 26;
        long side = cuda ? 8192 : 1024;
        var vector = torch.ones([elements], torch.ScalarType.Float32, device);
        double read = Best(() => vector.sum(), done);
        var matrix = torch.ones([side, side], torch.ScalarType.Float32, device);
        double product = Best(() => matrix.matmul(matrix), done);
        return new DeviceLimits(elements * sizeof(float) / read / 1e9, 2.0 * side * side * side / product / 1e9);
    }

    // Seconds of the fastest run.
    private static double Best(Func<Tensor> run, Action done)
    {
        Time(run, done);
        double best = double.PositiveInfinity;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Budget || double.IsInfinity(best);) best = Math.Min(best, Time(run, done));
        return best;
    }

    private static double Time(Func<Tensor> run, Action done)
    {
        long start = Stopwatch.GetTimestamp();
        run().Dispose();
        done();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
