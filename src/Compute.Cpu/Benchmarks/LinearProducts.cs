using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Training;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Benchmarks;

/// <summary>
/// The three products by which a linear layer y = x W' trains, on random operands and in the layouts that training has them in: x
/// [rows, inputs], W [outputs, inputs], y [rows, outputs], all row-major f32.
/// </summary>
internal sealed unsafe class LinearProducts : IDisposable
{
    private readonly Gemm _gemm;
    private readonly GrowingBuffer _x;
    private readonly GrowingBuffer _weight;
    private readonly GrowingBuffer _dy;
    private readonly GrowingBuffer _y;
    private readonly GrowingBuffer _dWeight;
    private readonly GrowingBuffer _dx;

    /// <summary>Operands drawn from one fixed seed; each size is 1 or more.</summary>
    public LinearProducts(WorkerPool pool, int rows, int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Rows = rows;
        Inputs = inputs;
        Outputs = outputs;
        _gemm = new Gemm(pool, GemmKernel.Best);
        _x = Random("x", rows, inputs);
        _weight = Random("weight", outputs, inputs);
        _dy = Random("dy", rows, outputs);
        _y = new GrowingBuffer((long)rows * outputs);
        _dWeight = new GrowingBuffer((long)outputs * inputs);
        _dx = new GrowingBuffer((long)rows * inputs);
    }

    /// <summary>Rows of x and y.</summary>
    public int Rows { get; }

    /// <summary>Columns of x and W.</summary>
    public int Inputs { get; }

    /// <summary>Columns of y, rows of W.</summary>
    public int Outputs { get; }

    /// <summary>Operations of any of the three: two for each multiply-add.</summary>
    public double Operations => 2.0 * Rows * Inputs * Outputs;

    /// <summary>x.</summary>
    public MatrixView X => new(_x.Data, Rows, Inputs);

    /// <summary>W.</summary>
    public MatrixView Weight => new(_weight.Data, Outputs, Inputs);

    /// <summary>Derivative of the loss by y.</summary>
    public MatrixView Dy => new(_dy.Data, Rows, Outputs);

    /// <summary>What <see cref="Forward"/> wrote.</summary>
    public MatrixView Y => new(_y.Data, Rows, Outputs);

    /// <summary>What <see cref="WeightGradient"/> has summed up.</summary>
    public MatrixView DWeight => new(_dWeight.Data, Outputs, Inputs);

    /// <summary>What <see cref="InputGradient"/> wrote.</summary>
    public MatrixView Dx => new(_dx.Data, Rows, Inputs);

    /// <summary>y = x W'.</summary>
    public void Forward() => _gemm.Multiply(new GemmCall(X, Weight.Transposed, _y.Data, Outputs));

    /// <summary>dW += dy' x: gradients accumulate over the micro-batches of an update.</summary>
    public void WeightGradient() => _gemm.Multiply(new GemmCall(Dy.Transposed, X, _dWeight.Data, Inputs, _dWeight.Data, Inputs));

    /// <summary>dx = dy W.</summary>
    public void InputGradient() => _gemm.Multiply(new GemmCall(Dy, Weight, _dx.Data, Inputs));

    /// <inheritdoc/>
    public void Dispose()
    {
        _gemm.Dispose();
        _x.Dispose();
        _weight.Dispose();
        _dy.Dispose();
        _y.Dispose();
        _dWeight.Dispose();
        _dx.Dispose();
    }

    private static GrowingBuffer Random(string name, int rows, int columns)
    {
        var buffer = new GrowingBuffer((long)rows * columns);
        for (int row = 0; row < rows; row++)
            NormalGenerator.Fill(new Span<float>(buffer.Data + (long)row * columns, columns), (ulong)row, name, 0.1);
        return buffer;
    }
}
