using Atlas.Benchmarks.Cases;
using Atlas.Compute.Cpu.Training;
using Atlas.Modeling;
using Atlas.Modeling.Training;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>An update of AdamW over all parameters, the gradient's norm included.</summary>
public unsafe class AdamWBenchmark : KernelBenchmark
{
    private static readonly AdamWStep Step = new(1e-4f);

    private ParameterStore? _parameters;
    private AdamWOptimizer? _optimizer;

    // Weights, gradient and two moments.
    private int Parameters => (int)Math.Clamp(WorkingSet / (4 * sizeof(float)), 1, int.MaxValue / 2);

    /// <inheritdoc/>
    public override KernelWork Work(string method)
    {
        // The norm reads the gradient; the update reads and writes all four slabs.
        const int Bytes = (1 + 2 * 4) * sizeof(float);
        return new((double)Bytes * Parameters, Parameters, "parameter");
    }

    /// <summary>An update clears the gradient, and moments without one would decay to denormal numbers.</summary>
    [IterationSetup]
    public void FillGradient() => RandomFloats.Fill(_parameters!.Gradient, Parameters, 1);

    /// <summary>Norm, clipping, update and clearing.</summary>
    [Benchmark]
    public bool Update() => _optimizer!.Update(Step).Applied;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _parameters = new ParameterStore([new TensorShape("weight", [1, Parameters])]);
        RandomFloats.Fill(_parameters.Weights, Parameters, 2);
        _optimizer = new AdamWOptimizer(Pool!, _parameters);
    }

    /// <inheritdoc/>
    protected override void Release() => _parameters?.Dispose();
}
