using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Memory;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Tests.Kernels;

/// <summary>A random matrix in panels with random input rows and start values.</summary>
internal sealed unsafe class LinearCase : IDisposable
{
    private readonly AlignedBuffer<byte> _panels;
    private readonly AlignedBuffer<float> _x;
    private readonly WeightFormat _format;
    private readonly int _inputs;
    private readonly int _rows;

    public LinearCase(WeightFormat format, int inputs, int panels, int rows, int seed)
    {
        _format = format;
        _inputs = inputs;
        _rows = rows;
        Panels = panels;
        var random = new Random(seed);
        float Next() => (float)(random.NextDouble() * 2 - 1);
        _panels = new AlignedBuffer<byte>(CpuKernels.PanelBytes(format, inputs) * panels);
        Source = [.. Enumerable.Range(0, panels * 16 * inputs).Select(_ => Next())];
        fixed (float* source = Source)
            for (int p = 0; p < panels; p++)
                CpuKernels.Pack(format, source + p * 16 * inputs, inputs, _panels.Pointer + p * CpuKernels.PanelBytes(format, inputs));
        // Input rows are not padded: what lies behind them is not zero.
        _x = new AlignedBuffer<float>(rows * inputs + 16);
        for (int i = 0; i < _x.Length; i++) _x.Pointer[i] = i < rows * inputs ? Next() : float.NaN;
        Start = [.. Enumerable.Range(0, rows * panels * 16).Select(_ => Next())];
    }

    public int Panels { get; }

    public float[] Source { get; }

    public float[] Start { get; }

    /// <summary>The weights of one output as the kernels see them.</summary>
    public float[] Unpacked(int output)
    {
        var row = new float[_inputs];
        fixed (float* target = row)
            CpuKernels.Unpack(_format, _panels.Pointer + output / 16 * CpuKernels.PanelBytes(_format, _inputs), _inputs, output % 16, target);
        return row;
    }

    /// <summary>Result of some rows, computed together, panels split at the given places.</summary>
    public float[] Run(CpuKernels kernels, int firstRow, int rows, params int[] splits)
    {
        using var y = new AlignedBuffer<float>(rows * Panels * 16);
        Start.AsSpan(firstRow * Panels * 16, rows * Panels * 16).CopyTo(y.Span(0, (int)y.Length));
        using var values = new AlignedBuffer<short>((long)rows * QuantizedStride);
        using var scales = new AlignedBuffer<float>((long)rows * Int8Panels.Groups(_inputs));
        var operands = new LinearOperands
        {
            Weights = _panels.Pointer,
            PanelBytes = CpuKernels.PanelBytes(_format, _inputs),
            Inputs = _inputs,
            X = _x.Pointer + firstRow * _inputs,
            XStride = _inputs,
            Quantized = _format == WeightFormat.Int8 ? Quantize(kernels, firstRow, rows, values, scales) : default,
            Rows = rows,
            Y = y.Pointer,
            YStride = Panels * 16,
        };
        int at = 0;
        foreach (int split in splits.Append(Panels))
        {
            kernels.MultiplyAdd(_format, operands, at, split);
            at = split;
        }
        return y.Span(0, (int)y.Length).ToArray();
    }

    private int QuantizedStride => Int8Panels.Groups(_inputs) * Int8Panels.GroupSize;

    private QuantizedRows Quantize(CpuKernels kernels, int firstRow, int rows, AlignedBuffer<short> values, AlignedBuffer<float> scales)
    {
        int groups = Int8Panels.Groups(_inputs);
        for (int row = 0; row < rows; row++)
            kernels.Quantize(
                _x.Pointer + (firstRow + row) * _inputs, _inputs, values.Pointer + row * QuantizedStride, scales.Pointer + row * groups);
        return new QuantizedRows { Values = values.Pointer, Stride = QuantizedStride, Scales = scales.Pointer, ScaleStride = groups };
    }

    /// <summary>The result in double precision.</summary>
    public double[] Reference()
    {
        int columns = Panels * 16;
        var y = new double[_rows * columns];
        for (int n = 0; n < columns; n++)
        {
            var weights = Unpacked(n);
            for (int r = 0; r < _rows; r++)
            {
                double sum = Start[r * columns + n];
                for (int k = 0; k < _inputs; k++) sum += (double)weights[k] * _x.Pointer[r * _inputs + k];
                y[r * columns + n] = sum;
            }
        }
        return y;
    }

    public void Dispose()
    {
        _panels.Dispose();
        _x.Dispose();
    }
}
