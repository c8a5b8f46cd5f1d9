using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>Quantizes input rows for layers of 8-bit weights, into memory of its own.</summary>
internal sealed unsafe class QuantizeJob : RowWiseJob, IDisposable
{
    private readonly CpuKernels _kernels;
    private readonly AlignedBuffer<short> _values;
    private readonly AlignedBuffer<float> _scales;
    private readonly QuantizedRows _target;
    private RowBlock _source;
    private int _inputs;

    /// <summary>Room for some rows of at most <paramref name="maxInputs"/> values.</summary>
    public QuantizeJob(CpuKernels kernels, WorkerPool pool, int maxRows, int maxInputs) : base(pool)
    {
        _kernels = kernels;
        int groups = Int8Panels.Groups(maxInputs);
        _values = new AlignedBuffer<short>((long)maxRows * groups * Int8Panels.GroupSize);
        _scales = new AlignedBuffer<float>((long)maxRows * groups);
        _target = new QuantizedRows
        {
            Values = _values.Pointer,
            Stride = groups * Int8Panels.GroupSize,
            Scales = _scales.Pointer,
            ScaleStride = groups,
        };
    }

    /// <summary>Quantizes rows of <paramref name="inputs"/> values; the result is valid until the next run.</summary>
    public QuantizedRows Run(RowBlock source, int inputs, int rows)
    {
        _source = source;
        _inputs = inputs;
        RunRows(rows);
        return _target;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _scales.Dispose();
    }

    /// <inheritdoc/>
    protected override void Process(int row) =>
        _kernels.Quantize(_source.Row(row), _inputs, _target.Values + row * _target.Stride, _target.Scales + row * _target.ScaleStride);
}
