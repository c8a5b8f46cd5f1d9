using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>Gradient of a bias: adds the sum of all rows. Parallel over column slices, each summed from the first row to the last.</summary>
internal sealed unsafe class ColumnSum(WorkerPool pool) : ParallelLoop
{
    private const int Slice = 64;
    private float* _rows;
    private float* _sum;
    private int _count;
    private int _width;

    /// <summary>Adds the column sums of <paramref name="rows"/>, [count, width], to <paramref name="sum"/>, [width].</summary>
    public void Add(float* rows, float* sum, int count, int width)
    {
        _rows = rows;
        _sum = sum;
        _count = count;
        _width = width;
        Run(pool, width, Slice);
    }

    /// <inheritdoc/>
    protected override void Body(int first, int end, int worker)
    {
        for (nint row = 0; row < _count; row++) VectorMath.Add(_rows + row * _width + first, _sum + first, end - first);
    }
}
