using System.Diagnostics;
using Atlas.Modeling.Engine;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>Times the three f32 products by which a linear layer trains, each by one <c>matmul</c> or, where it accumulates, <c>addmm_</c>.</summary>
internal static class ProductProbe
{
    /// <summary>Rates in GFLOP/s: medians of passes that alternate, after one that warms up.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="rows">Rows of x [rows, inputs].</param>
    /// <param name="inputs">Columns of x and of W.</param>
    /// <param name="outputs">Rows of W [outputs, inputs].</param>
    public static ProductRates Measure(torch.Device device, int rows, int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var done = device.type == DeviceType.CUDA ? (Action)(() => torch.cuda.synchronize(device)) : () => { };
        var x = torch.rand([rows, inputs], torch.ScalarType.Float32, device);
        var weight = torch.rand([outputs, inputs], torch.ScalarType.Float32, device);
        var dy = torch.rand([rows, outputs], torch.ScalarType.Float32, device);
        var gradient = torch.zeros([outputs, inputs], torch.ScalarType.Float32, device);
        var transposedWeight = weight.t();
        var transposedDy = dy.t();
        Func<Tensor>[] products =
        [
            () => x.matmul(transposedWeight),
            () => gradient.addmm_(transposedDy, x, 1f, 1f).alias(),
            () => dy.matmul(weight),
        ];
        var seconds = products.Select(_ => new List<double>()).ToArray();
        for (int pass = -1; pass < IComputeEngine.ProductPasses; pass++)
            for (int i = 0; i < products.Length; i++)
            {
                done();
                long start = Stopwatch.GetTimestamp();
                products[i]().Dispose();
                done();
                if (pass >= 0) seconds[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        double gigaflop = 2.0 * rows * inputs * outputs / 1e9;
        double[] rates = [.. seconds.Select(times => gigaflop / times.Order().ElementAt(times.Count / 2))];
        return new ProductRates(rates[0], rates[1], rates[2]);
    }
}
