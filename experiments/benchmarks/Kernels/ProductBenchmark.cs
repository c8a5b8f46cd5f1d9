using Atlas.Compute.Cpu.Benchmarks;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>The f32 products by which a linear layer of 1024 inputs and 2816 outputs trains.</summary>
public class ProductBenchmark : KernelBenchmark
{
    private const int Inputs = 1024;
    private const int Outputs = 2816;

    private LinearProducts? _products;

    /// <summary>Tokens of a micro-batch.</summary>
    [Params(64, 512, 2048)]
    public int Rows { get; set; }

    /// <inheritdoc/>
    public override KernelWork Work(string method) => new(sizeof(float) * Elements(method), 2.0 * Rows * Inputs * Outputs, "flop");

    /// <summary>y = x W'.</summary>
    [Benchmark]
    public void Forward() => _products!.Forward();

    /// <summary>dW += dy' x.</summary>
    [Benchmark]
    public void WeightGradient() => _products!.WeightGradient();

    /// <summary>dx = dy W.</summary>
    [Benchmark]
    public void InputGradient() => _products!.InputGradient();

    /// <inheritdoc/>
    protected override void Prepare() => _products = new LinearProducts(Pool!, Rows, Inputs, Outputs);

    /// <inheritdoc/>
    protected override void Release() => _products?.Dispose();

    private double Elements(string method)
    {
        double x = (double)Rows * Inputs, y = (double)Rows * Outputs, weight = (double)Inputs * Outputs;
        // The weight gradient is read and written.
        return method == nameof(WeightGradient) ? x + y + 2 * weight : x + y + weight;
    }
}
