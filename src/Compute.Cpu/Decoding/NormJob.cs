using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>RMSNorm of many rows.</summary>
internal sealed class NormJob(CpuKernels kernels, WorkerPool pool, int width, float epsilon) : RowWiseJob(pool)
{
    private AlignedBuffer<float>? _weight;
    private RowBlock _source;
    private RowBlock _destination;
    private int[]? _picked;

    /// <summary>Norms rows 0 to <paramref name="rows"/> - 1.</summary>
    public void Run(AlignedBuffer<float> weight, RowBlock source, RowBlock destination, int rows) =>
        RunPicked(weight, source, destination, null, rows);

    /// <summary>Norms the source rows that <paramref name="picked"/> names into consecutive rows; null takes them in order.</summary>
    public void RunPicked(AlignedBuffer<float> weight, RowBlock source, RowBlock destination, int[]? picked, int rows)
    {
        _weight = weight;
        _source = source;
        _destination = destination;
        _picked = picked;
        RunRows(rows);
    }

    /// <inheritdoc/>
    protected override unsafe void Process(int row) =>
        kernels.RmsNorm(_source.Row(_picked is null ? row : _picked[row]), _weight!.Pointer, width, epsilon, _destination.Row(row));
}
