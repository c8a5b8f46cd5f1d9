using Atlas.Benchmarks.Cases;
using Atlas.Modeling;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>A linear layer of the default benchmark model, gate and up projections together: what most of a decode step is.</summary>
public class LinearBenchmark : KernelBenchmark
{
    private const int Inputs = 1024;
    private const int Outputs = 5632;

    private LinearCase? _case;

    /// <summary>How the weights are kept.</summary>
    [Params(WeightFormat.F32, WeightFormat.BF16, WeightFormat.Int8)]
    public WeightFormat Format { get; set; }

    /// <summary>Rows verified together.</summary>
    [Params(1, 2, 4, 8, 16, 32)]
    public int Rows { get; set; }

    /// <inheritdoc/>
    public override KernelWork Work(string method) => new(LinearCase.Bytes(Format, Inputs, Outputs), 2.0 * Rows * Inputs * Outputs, "flop");

    /// <summary>y = x W'.</summary>
    [Benchmark]
    public void Apply() => _case!.Run();

    /// <inheritdoc/>
    protected override void Prepare() => _case = new LinearCase(Pool!, Format, Inputs, Outputs, Rows, WorkingSet);

    /// <inheritdoc/>
    protected override void Release() => _case?.Dispose();
}
