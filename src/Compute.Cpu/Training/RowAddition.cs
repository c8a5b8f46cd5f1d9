using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>Adds a bias to every row, [count, width]; used where a product already begins from the residual.</summary>
internal sealed unsafe class RowAddition(WorkerPool pool) : ParallelLoop
{
    private const int Grain = 32;
    private float* _rows;
    private float* _bias;
    private int _width;

    /// <summary>rows += bias.</summary>
    public void Add(float* rows, float* bias, int count, int width)
    {
        _rows = rows;
        _bias = bias;
        _width = width;
        Run(pool, count, Grain);
    }

    /// <inheritdoc/>
    protected override void Body(int first, int end, int worker)
    {
        for (nint row = first; row < end; row++) VectorMath.Add(_bias, _rows + row * _width, _width);
    }
}
