using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Weights;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>
/// A linear layer over some rows. Its output panels are taken four at a time, each thread going forwards through a range of its own, so that
/// what a tile fetches ahead is what the thread needs next; who is done helps the others. Each output begins at its bias or at zero, and the
/// products are added to that; what follows the layer (residual, activation) is done by the thread that has the outputs in its cache.
/// </summary>
internal sealed unsafe class LinearJob(CpuKernels kernels, WorkerPool pool, QuantizeJob quantize) : IParallelJob, IDisposable
{
    // Below this many multiply-adds a part costs less than waking another thread.
    private const long LeastWork = 128 * 1024;
    private const int StepPanels = 4;

    private LinearOperands _operands;
    private PackedMatrix? _matrix;
    private float* _bias;
    private RowBlock _residual;
    private RowBlock _gated;
    private readonly ParallelRanges _ranges = new(pool.Threads);

    /// <summary>y = x W' + bias.</summary>
    public void Apply(LinearLayer layer, RowBlock x, RowBlock y, int rows) => Run(layer, x, y, rows, default, default);

    /// <summary>residual = residual + x W' + bias; <paramref name="y"/> is scratch for the product.</summary>
    public void AddTo(LinearLayer layer, RowBlock x, RowBlock y, RowBlock residual, int rows) => Run(layer, x, y, rows, residual, default);

    /// <summary>gated = SwiGLU of x W' + bias, whose panels alternate gate and up; <paramref name="y"/> is scratch for them.</summary>
    public void ApplyGated(LinearLayer layer, RowBlock x, RowBlock y, RowBlock gated, int rows) => Run(layer, x, y, rows, default, gated);

    /// <inheritdoc/>
    public void Execute(int part)
    {
        while (_ranges.TryTake(part, out int step))
        {
            int first = step * StepPanels;
            int last = Math.Min(first + StepPanels, _matrix!.Panels);
            Begin(first, last);
            kernels.MultiplyAdd(_matrix.Format, _operands, first, last);
            if (_residual.Pointer is not null) AddToResidual(first, last);
            if (_gated.Pointer is not null) Gate(first, last);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => quantize.Dispose();

    private void Run(LinearLayer layer, RowBlock x, RowBlock y, int rows, RowBlock residual, RowBlock gated)
    {
        _matrix = layer.Matrix;
        _bias = layer.Bias is null ? null : layer.Bias.Pointer;
        _residual = residual;
        _gated = gated;
        _operands = new LinearOperands
        {
            Weights = _matrix.Pointer,
            PanelBytes = _matrix.PanelBytes,
            Inputs = _matrix.Inputs,
            X = x.Pointer,
            XStride = x.Stride,
            Quantized = _matrix.Format == WeightFormat.Int8 ? quantize.Run(x, _matrix.Inputs, rows) : default,
            Rows = rows,
            Y = y.Pointer,
            YStride = y.Stride,
        };
        long work = (long)_matrix.Columns * _matrix.Inputs * rows;
        int steps = (_matrix.Panels + StepPanels - 1) / StepPanels;
        int parts = (int)Math.Clamp(work / LeastWork, 1, Math.Min(steps, pool.Threads));
        _ranges.Reset(steps, parts);
        pool.Run(this, parts);
    }

    private void Begin(int first, int last)
    {
        int columns = (last - first) * 16;
        for (int row = 0; row < _operands.Rows; row++)
        {
            var y = new Span<float>(_operands.Y + row * _operands.YStride + first * 16, columns);
            if (_bias is null) y.Clear();
            else new ReadOnlySpan<float>(_bias + first * 16, columns).CopyTo(y);
        }
    }

    private void AddToResidual(int first, int last)
    {
        for (int row = 0; row < _operands.Rows; row++)
            kernels.Add(_residual.Row(row) + first * 16, _operands.Y + row * _operands.YStride + first * 16, last - first);
    }

    private void Gate(int first, int last)
    {
        for (int row = 0; row < _operands.Rows; row++)
            kernels.SwiGlu(_operands.Y + row * _operands.YStride + first * 16, (last - first) / 2, _gated.Row(row) + first * 8);
    }
}
