namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// What one worker needs to multiply: packed panels and a tile for the ragged edges. Every element of a product is the sum of its blocks of
/// <see cref="DepthBlock"/> steps in ascending order, whatever tile and whichever worker it falls to, so results do not depend on the
/// number of threads.
/// </summary>
internal sealed unsafe class GemmWorkspace(GemmKernel kernel) : IDisposable
{
    /// <summary>Steps of depth whose sum is formed in registers before it is added to C.</summary>
    public const int DepthBlock = 256;

    private readonly GrowingBuffer _a = new();
    private readonly GrowingBuffer _b = new();
    private readonly GrowingBuffer _edge = new(kernel.Rows * kernel.Columns);

    /// <summary>Width of a matrix's columns after padding to whole panels.</summary>
    public static int PaddedColumns(GemmKernel kernel, int columns) => (columns + kernel.Columns - 1) / kernel.Columns * kernel.Columns;

    /// <summary>Packs panel <paramref name="panel"/> of B, all depth blocks, into the layout that <see cref="MultiplyTile"/> reads.</summary>
    public static void PackPanel(GemmKernel kernel, in MatrixView b, int panel, float* packed)
    {
        var transposed = b.Transposed;
        int width = kernel.Columns;
        nint padded = PaddedColumns(kernel, b.Columns);
        for (int k = 0; k < b.Rows; k += DepthBlock)
        {
            int depth = Math.Min(DepthBlock, b.Rows - k);
            PanelPacking.Pack(transposed, panel * width, width, k, depth, packed + k * padded + (nint)panel * depth * width);
        }
    }

    /// <summary>The whole product on this thread.</summary>
    public void Multiply(in GemmCall call)
    {
        nint padded = PaddedColumns(kernel, call.B.Columns);
        float* packed = _b.Reserve(padded * call.B.Rows);
        int panels = (int)(padded / kernel.Columns);
        for (int panel = 0; panel < panels; panel++) PackPanel(kernel, call.B, panel, packed);
        MultiplyTile(call, packed, 0, call.A.Rows, 0, panels);
    }

    /// <summary>
    /// Rows <paramref name="firstRow"/> to <paramref name="endRow"/> - 1 (the first a multiple of the kernel's) by panels
    /// <paramref name="firstPanel"/> to <paramref name="endPanel"/> - 1 of the product.
    /// </summary>
    public void MultiplyTile(in GemmCall call, float* packedB, int firstRow, int endRow, int firstPanel, int endPanel)
    {
        int strips = (endRow - firstRow + kernel.Rows - 1) / kernel.Rows;
        float* packedA = _a.Reserve((nint)strips * kernel.Rows * DepthBlock);
        nint padded = PaddedColumns(kernel, call.B.Columns);
        for (int k = 0; k < call.A.Columns; k += DepthBlock)
        {
            int depth = Math.Min(DepthBlock, call.A.Columns - k);
            for (int strip = 0; strip < strips; strip++)
                PanelPacking.Pack(call.A, firstRow + strip * kernel.Rows, kernel.Rows, k, depth, packedA + (nint)strip * kernel.Rows * depth);
            float* initial = k == 0 ? call.Initial : call.C;
            nint initialStride = k == 0 ? call.InitialStride : call.CStride;
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                float* b = packedB + k * padded + (nint)panel * depth * kernel.Columns;
                int column = panel * kernel.Columns;
                int columns = Math.Min(kernel.Columns, call.B.Columns - column);
                for (int strip = 0; strip < strips; strip++)
                {
                    int row = firstRow + strip * kernel.Rows;
                    int rows = Math.Min(kernel.Rows, endRow - row);
                    float* c = call.C + row * call.CStride + column;
                    float* from = initial == null ? null : initial + row * initialStride + column;
                    float* a = packedA + (nint)strip * kernel.Rows * depth;
                    if (rows == kernel.Rows && columns == kernel.Columns)
                        kernel.Multiply(a, b, depth, from, initialStride, c, call.CStride);
                    else
                        MultiplyEdge(a, b, depth, from, initialStride, c, call.CStride, new TileSize(rows, columns));
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _edge.Dispose();
    }

    // The same kernel on a whole tile of its own, of which only the part inside C is copied.
    private void MultiplyEdge(float* a, float* b, nint depth, float* initial, nint initialStride, float* c, nint cStride, TileSize size)
    {
        float* tile = _edge.Data;
        int width = kernel.Columns;
        if (initial != null)
            for (int i = 0; i < size.Rows; i++)
                new Span<float>(initial + i * initialStride, size.Columns).CopyTo(new Span<float>(tile + i * width, width));
        kernel.Multiply(a, b, depth, initial == null ? null : tile, width, tile, width);
        for (int i = 0; i < size.Rows; i++)
            new Span<float>(tile + i * width, size.Columns).CopyTo(new Span<float>(c + i * cStride, size.Columns));
    }

    private readonly record struct TileSize(int Rows, int Columns);
}
