using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Decoding;

/// <summary>Work that is done row by row, shared out in runs of rows when there are many.</summary>
internal abstract class RowWiseJob(WorkerPool pool) : IParallelJob
{
    private const int RowsPerPart = 8;

    private int _rows;

    /// <inheritdoc/>
    public void Execute(int part)
    {
        int last = Math.Min(_rows, (part + 1) * RowsPerPart);
        for (int row = part * RowsPerPart; row < last; row++) Process(row);
    }

    /// <summary>Does rows 0 to <paramref name="rows"/> - 1.</summary>
    protected void RunRows(int rows)
    {
        _rows = rows;
        pool.Run(this, (rows + RowsPerPart - 1) / RowsPerPart);
    }

    /// <summary>Does one row.</summary>
    protected abstract void Process(int row);
}
