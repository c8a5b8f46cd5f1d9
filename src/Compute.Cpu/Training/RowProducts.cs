using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// y = x W^T for a few rows: each weight row is read once and multiplied with every row of x, without packing. Made for drafting, where
/// reading weights is the cost; a row's bits do not depend on how many there are.
/// </summary>
internal sealed unsafe class RowProducts(WorkerPool pool) : ParallelLoop
{
    private const int Grain = 32;
    private MatrixView _x;
    private MatrixView _weight;
    private float* _y;
    private nint _stride;

    /// <summary>x is [rows, inputs], the weight [outputs, inputs], y [rows, outputs] with rows <paramref name="stride"/> apart.</summary>
    public void Multiply(MatrixView x, MatrixView weight, float* y, nint stride)
    {
        _x = x;
        _weight = weight;
        _y = y;
        _stride = stride;
        Run(pool, weight.Rows, Grain);
    }

    /// <inheritdoc/>
    protected override void Body(int first, int end, int worker)
    {
        for (nint output = first; output < end; output++)
        {
            float* weight = _weight.Data + output * _weight.RowStride;
            for (nint row = 0; row < _x.Rows; row++)
                _y[row * _stride + output] = VectorMath.Dot(_x.Data + row * _x.RowStride, weight, _x.Columns);
        }
    }
}
