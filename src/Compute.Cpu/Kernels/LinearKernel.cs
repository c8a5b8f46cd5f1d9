using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// y += x W', tile by tile. Every output is one lane that goes on from what y holds and adds its products in the order of k with fused
/// multiply-add. So its bits depend neither on how rows, panels and inputs are blocked nor on how often the sum is interrupted.
/// <para>
/// Up to six rows are one tile: weights are read once and stream from memory. More rows are several tiles over the same weights, of which
/// the second and later find them in the cache; meanwhile each fetches its share of the next weights, so that memory and multipliers work at
/// the same time.
/// </para>
/// </summary>
/// <typeparam name="TTile">Weight format and instruction set.</typeparam>
internal static unsafe class LinearKernel<TTile> where TTile : struct, ITileKernel
{
    private const int MostRows = 6;

    // Rows of a tile where several share the work; five by four accumulators and four weights leave the compiler spare registers.
    private const int SharedRows = 5;

    // A chunk of four panels, in bf16 128 KiB, stays in the second-level cache beside the inputs.
    private const int ChunkInputs = 1024;

    /// <summary>Continues all rows' sums of panels <paramref name="first"/> to <paramref name="last"/> - 1.</summary>
    public static void MultiplyAdd(in LinearOperands o, int first, int last)
    {
        int panel = first;
        if (TTile.Panels == 4)
            for (; panel + 4 <= last; panel += 4)
                AllRows<TileSize.Four>(o, panel);
        for (; panel < last; panel++) AllRows<TileSize.One>(o, panel);
    }

    private static void AllRows<TPanels>(in LinearOperands o, int panel) where TPanels : unmanaged
    {
        int tiles = o.Rows <= MostRows ? 1 : (o.Rows + SharedRows - 1) / SharedRows;
        int step = tiles == 1 ? o.Inputs : ChunkInputs;
        for (int from = 0; from < o.Inputs; from += step)
        {
            var at = new TilePlace { Panel = panel, From = from, Count = Math.Min(step, o.Inputs - from) };
            byte* here = o.Weights + panel * o.PanelBytes + TTile.Offset(from);
            byte* next = from + step < o.Inputs ? here + TTile.Offset(step) : o.Weights + (panel + sizeof(TPanels)) * o.PanelBytes;
            for (int tile = 0; tile < tiles; tile++)
            {
                int rows = (o.Rows - at.Row + tiles - tile - 1) / (tiles - tile);
                FetchAhead<TPanels>(ref at, here, next, o.PanelBytes, tile, tiles);
                Run<TPanels>(o, at, rows);
                at.Row += rows;
            }
        }
    }

    // Two or three tiles fetch two of the next panels each, more tiles one each; a tile alone, and those left over, fetch what they read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchAhead<TPanels>(ref TilePlace at, byte* here, byte* next, long panelBytes, int tile, int tiles) where TPanels : unmanaged
    {
        int share = tiles >= 4 || sizeof(TPanels) == 1 ? 1 : 2;
        bool fetches = tiles > 1 && tile * share < sizeof(TPanels);
        at.Ahead0 = fetches ? next + tile * share * panelBytes : here;
        at.Ahead1 = fetches && share == 2 ? at.Ahead0 + panelBytes : at.Ahead0;
    }

    private static void Run<TPanels>(in LinearOperands o, in TilePlace at, int rows) where TPanels : unmanaged
    {
        switch (rows)
        {
            case 1: TTile.Run<TileSize.One, TPanels>(o, at); break;
            case 2: TTile.Run<TileSize.Two, TPanels>(o, at); break;
            case 3: TTile.Run<TileSize.Three, TPanels>(o, at); break;
            case 4: TTile.Run<TileSize.Four, TPanels>(o, at); break;
            case 5: TTile.Run<TileSize.Five, TPanels>(o, at); break;
            default: TTile.Run<TileSize.Six, TPanels>(o, at); break;
        }
    }
}
