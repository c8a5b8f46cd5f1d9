using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Matrix products on all threads of a pool: B is packed first, then every worker takes tiles of C. Allocates only while its buffers grow.
/// </summary>
internal sealed unsafe class Gemm : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly GrowingBuffer _packed = new();
    private readonly PackLoop _pack;
    private readonly TileLoop _tiles;

    /// <summary>Products on <paramref name="pool"/> with the given kernel.</summary>
    public Gemm(WorkerPool pool, GemmKernel kernel)
    {
        _pool = pool;
        Workspaces = new GemmWorkspace[pool.Threads];
        for (int i = 0; i < Workspaces.Length; i++) Workspaces[i] = new GemmWorkspace(kernel);
        Kernel = kernel;
        _pack = new PackLoop(this);
        _tiles = new TileLoop(this);
    }

    /// <summary>The micro-kernel in use.</summary>
    public GemmKernel Kernel { get; }

    /// <summary>One per worker, for jobs that multiply small matrices within an item.</summary>
    public GemmWorkspace[] Workspaces { get; }

    /// <summary>Computes the product.</summary>
    public void Multiply(in GemmCall call)
    {
        if (call.A.Rows == 0 || call.B.Columns == 0) return;
        float* packed = _packed.Reserve((nint)GemmWorkspace.PaddedColumns(Kernel, call.B.Columns) * call.B.Rows);
        _pack.Run(_pool, call, packed);
        _tiles.Run(_pool, call, packed);
    }

    /// <summary>Computes the product with a right factor that several products share: it is packed once.</summary>
    public void Multiply(in GemmCall call, GemmFactor factor)
    {
        if (call.A.Rows == 0 || call.B.Columns == 0) return;
        float* packed = factor.Reserve((nint)GemmWorkspace.PaddedColumns(Kernel, call.B.Columns) * call.B.Rows);
        if (!factor.IsFresh) _pack.Run(_pool, call, packed);
        factor.MarkFresh();
        _tiles.Run(_pool, call, packed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed.Dispose();
        foreach (var workspace in Workspaces) workspace.Dispose();
    }

    private sealed class PackLoop(Gemm owner) : ParallelLoop
    {
        private GemmCall _call;
        private float* _packed;

        public void Run(WorkerPool pool, in GemmCall call, float* packed)
        {
            _call = call;
            _packed = packed;
            Run(pool, (call.B.Columns + owner.Kernel.Columns - 1) / owner.Kernel.Columns, 1);
        }

        protected override void Body(int first, int end, int worker)
        {
            for (int panel = first; panel < end; panel++) GemmWorkspace.PackPanel(owner.Kernel, _call.B, panel, _packed);
        }
    }

    // Tiles are as large as leaves each thread several to take; their size changes no result.
    private sealed class TileLoop(Gemm owner) : ParallelLoop
    {
        private const int StripsPerTile = 16;
        private const int TilesPerThread = 6;

        private GemmCall _call;
        private float* _packed;
        private int _tileStrips;
        private int _tilePanels;
        private int _panels;
        private int _columnTiles;

        public void Run(WorkerPool pool, in GemmCall call, float* packed)
        {
            _call = call;
            _packed = packed;
            int strips = (call.A.Rows + owner.Kernel.Rows - 1) / owner.Kernel.Rows;
            _panels = (call.B.Columns + owner.Kernel.Columns - 1) / owner.Kernel.Columns;
            _tileStrips = Math.Min(strips, StripsPerTile);
            _tilePanels = _panels;
            while (Tiles(strips) < pool.Threads * TilesPerThread && (_tilePanels > 4 || _tileStrips > 4))
            {
                if (_tilePanels * owner.Kernel.Columns > _tileStrips * owner.Kernel.Rows) _tilePanels = (_tilePanels + 1) / 2;
                else _tileStrips = (_tileStrips + 1) / 2;
            }
            _columnTiles = (_panels + _tilePanels - 1) / _tilePanels;
            Run(pool, Tiles(strips), 1);
        }

        protected override void Body(int first, int end, int worker)
        {
            for (int tile = first; tile < end; tile++)
            {
                int rows = _tileStrips * owner.Kernel.Rows;
                int row = tile / _columnTiles * rows;
                int panel = tile % _columnTiles * _tilePanels;
                owner.Workspaces[worker].MultiplyTile(
                    _call, _packed, row, Math.Min(row + rows, _call.A.Rows), panel, Math.Min(panel + _tilePanels, _panels));
            }
        }

        private int Tiles(int strips) =>
            ((strips + _tileStrips - 1) / _tileStrips) * ((_panels + _tilePanels - 1) / _tilePanels);
    }
}
