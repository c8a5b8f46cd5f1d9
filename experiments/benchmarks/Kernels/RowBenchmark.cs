using Atlas.Benchmarks.Cases;
using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using BenchmarkDotNet.Attributes;

namespace Atlas.Benchmarks.Kernels;

/// <summary>The kernels that go over one row, on one thread and from the first-level cache, where a step has its activations.</summary>
public unsafe class RowBenchmark : KernelBenchmark
{
    private const int Hidden = 1024;
    private const int FeedForward = 2816;
    private const int HeadDim = 64;

    private readonly CpuKernels _kernels = CpuKernels.Best;
    private AlignedBuffer<float>? _x;
    private AlignedBuffer<float>? _weight;
    private AlignedBuffer<float>? _y;
    private AlignedBuffer<float>? _cosines;
    private AlignedBuffer<float>? _sines;

    /// <inheritdoc/>
    public override KernelWork Work(string method) => method switch
    {
        // A row and its weights in, a row out.
        nameof(RmsNorm) => new(3.0 * sizeof(float) * Hidden, Hidden, "element"),
        // Gate and up in, their product out.
        nameof(SwiGlu) => new(3.0 * sizeof(float) * FeedForward, FeedForward, "element"),
        // A head in and out, an angle for each pair.
        nameof(Rotate) => new(3.0 * sizeof(float) * HeadDim, HeadDim, "element"),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "there is no such benchmark"),
    };

    /// <summary>RMSNorm of the residual stream.</summary>
    [Benchmark]
    public void RmsNorm() => _kernels.RmsNorm(_x!.Pointer, _weight!.Pointer, Hidden, 1e-5f, _y!.Pointer);

    /// <summary>SwiGLU of a feed-forward layer.</summary>
    [Benchmark]
    public void SwiGlu() => _kernels.SwiGlu(_x!.Pointer, FeedForward / 16, _y!.Pointer);

    /// <summary>Rotary position of one head.</summary>
    [Benchmark]
    public void Rotate() => _kernels.Rotate(_x!.Pointer, _cosines!.Pointer, _sines!.Pointer, HeadDim / 2);

    /// <inheritdoc/>
    protected override int Threads => 1;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _x = RandomFloats.Buffer(2 * FeedForward, 1);
        _weight = RandomFloats.Buffer(Hidden, 2);
        _y = RandomFloats.Buffer(FeedForward, 3);
        _cosines = new AlignedBuffer<float>(HeadDim / 2);
        _sines = new AlignedBuffer<float>(HeadDim / 2);
        // Turned in place over and over: only a true rotation keeps the head's size.
        for (int i = 0; i < HeadDim / 2; i++) (_sines.Pointer[i], _cosines.Pointer[i]) = MathF.SinCos(i);
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        foreach (var buffer in new[] { _x, _weight, _y, _cosines, _sines }) buffer?.Dispose();
    }
}
