using Atlas.Compute.Cpu.Kernels;
using Atlas.Compute.Cpu.Threading;
using Atlas.Compute.Cpu.Weights;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>
/// A linear layer over some rows, split by output panels. Each output begins at what the row held (residual) or at zero, plus the bias, and
/// the products are added to that.
/// </summary>
internal sealed unsafe class LinearJob(CpuKernels kernels, WorkerPool pool) : IParallelJob
{
    // Below this many multiply-adds a part costs less than waking another thread.
    private const long LeastWork = 128 * 1024;
    private const int PanelsPerBlock = 4;

    private LinearOperands _operands;
    private PackedMatrix? _matrix;
    private float* _bias;
    private float* _gated;
    private long _gatedStride;
    private bool _keep;
    private int _panelsPerPart;

    /// <summary>y = x W' + bias.</summary>
    public void Apply(LinearLayer layer, RowBlock x, RowBlock y, int rows) => Run(layer, x, y, rows, keep: false, default);

    /// <summary>y = y + x W' + bias.</summary>
    public void AddTo(LinearLayer layer, RowBlock x, RowBlock y, int rows) => Run(layer, x, y, rows, keep: true, default);

    /// <summary>gated = SwiGLU of x W' + bias, whose panels alternate gate and up; <paramref name="y"/> is scratch for them.</summary>
    public void ApplyGated(LinearLayer layer, RowBlock x, RowBlock y, RowBlock gated, int rows) =>
        Run(layer, x, y, rows, keep: false, gated);

    /// <inheritdoc/>
    public void Execute(int part)
    {
        int first = part * _panelsPerPart;
        int last = Math.Min(first + _panelsPerPart, _matrix!.Panels);
        Begin(first, last);
        kernels.MultiplyAdd(_matrix.Format, _operands, first, last);
        if (_gated is null) return;
        for (int row = 0; row < _operands.Rows; row++)
            kernels.SwiGlu(_operands.Y + row * _operands.YStride + first * 16, (last - first) / 2, _gated + row * _gatedStride + first * 8);
    }

    private void Run(LinearLayer layer, RowBlock x, RowBlock y, int rows, bool keep, RowBlock gated)
    {
        _matrix = layer.Matrix;
        _bias = layer.Bias is null ? null : layer.Bias.Pointer;
        _keep = keep;
        _gated = gated.Pointer;
        _gatedStride = gated.Stride;
        _operands = new LinearOperands
        {
            Weights = _matrix.Pointer,
            PanelBytes = _matrix.PanelBytes,
            Inputs = _matrix.Inputs,
            X = x.Pointer,
            XStride = x.Stride,
            Rows = rows,
            Y = y.Pointer,
            YStride = y.Stride,
        };
        long work = (long)_matrix.Columns * _matrix.Inputs * rows;
        int blocks = (_matrix.Panels + PanelsPerBlock - 1) / PanelsPerBlock;
        int parts = (int)Math.Clamp(work / LeastWork, 1, Math.Min(blocks, pool.Threads * 4));
        _panelsPerPart = (blocks + parts - 1) / parts * PanelsPerBlock;
        pool.Run(this, (_matrix.Panels + _panelsPerPart - 1) / _panelsPerPart);
    }

    private void Begin(int first, int last)
    {
        int columns = (last - first) * 16;
        for (int row = 0; row < _operands.Rows; row++)
        {
            var y = new Span<float>(_operands.Y + row * _operands.YStride + first * 16, columns);
            if (!_keep) y.Clear();
            if (_bias is null) continue;
            for (int i = 0; i < columns; i++) y[i] += _bias[first * 16 + i];
        }
    }
}
