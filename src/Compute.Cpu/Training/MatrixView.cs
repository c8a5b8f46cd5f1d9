namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A matrix in memory that somebody else owns. Element (i, j) is at i x <see cref="RowStride"/> + j x <see cref="ColumnStride"/>; one of the
/// strides is 1.
/// </summary>
internal readonly unsafe struct MatrixView
{
    private MatrixView(float* data, int rows, int columns, nint rowStride, nint columnStride)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>A row-major matrix whose rows are <paramref name="stride"/> floats apart.</summary>
    public MatrixView(float* data, int rows, int columns, nint stride) : this(data, rows, columns, stride, 1) { }

    /// <summary>A row-major matrix without gaps.</summary>
    public MatrixView(float* data, int rows, int columns) : this(data, rows, columns, columns, 1) { }

    /// <summary>Element (0, 0).</summary>
    public float* Data { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Floats between rows.</summary>
    public nint RowStride { get; }

    /// <summary>Floats between columns.</summary>
    public nint ColumnStride { get; }

    /// <summary>The same memory, rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);
}
