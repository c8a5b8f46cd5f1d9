using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// A tile over float weights. Accumulators are named locals because the compiler keeps only those in registers; those of absent rows and
/// panels vanish.
/// </summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
/// <typeparam name="TFormat">Layout of the weights.</typeparam>
internal readonly unsafe struct FloatTile<TLanes, TFormat> : ITileKernel
    where TLanes : struct, ILanes<TLanes>
    where TFormat : struct, IFloatPanels
{
    /// <inheritdoc/>
    public static int Panels => TLanes.TilePanels;

    /// <inheritdoc/>
    public static long Offset(int inputs) => (long)(inputs >> 1) * TFormat.PairBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TPanels>(in LinearOperands o, in TilePlace at)
        where TRows : unmanaged
        where TPanels : unmanaged
    {
        byte* w0 = o.Weights + at.Panel * o.PanelBytes + Offset(at.From);
        byte* w1 = w0 + o.PanelBytes;
        byte* w2 = w1 + o.PanelBytes;
        byte* w3 = w2 + o.PanelBytes;
        float* x0 = o.X + at.Row * o.XStride + at.From;
        float* x1 = x0 + o.XStride;
        float* x2 = x1 + o.XStride;
        float* x3 = x2 + o.XStride;
        float* x4 = x3 + o.XStride;
        float* x5 = x4 + o.XStride;
        float* y = o.Y + at.Row * o.YStride + at.Panel * 16L;
        byte* ahead0 = at.Ahead0;
        byte* ahead1 = at.Ahead1;
        TLanes a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
        TLanes a10 = TLanes.Zero, a11 = TLanes.Zero, a12 = TLanes.Zero, a13 = TLanes.Zero;
        TLanes a20 = TLanes.Zero, a21 = TLanes.Zero, a22 = TLanes.Zero, a23 = TLanes.Zero;
        TLanes a30 = TLanes.Zero, a31 = TLanes.Zero, a32 = TLanes.Zero, a33 = TLanes.Zero;
        TLanes a40 = TLanes.Zero, a41 = TLanes.Zero, a42 = TLanes.Zero, a43 = TLanes.Zero;
        TLanes a50 = TLanes.Zero, a51 = TLanes.Zero, a52 = TLanes.Zero, a53 = TLanes.Zero;
        Load<TPanels>(y, ref a00, ref a01, ref a02, ref a03);
        if (sizeof(TRows) > 1) Load<TPanels>(y + o.YStride, ref a10, ref a11, ref a12, ref a13);
        if (sizeof(TRows) > 2) Load<TPanels>(y + 2 * o.YStride, ref a20, ref a21, ref a22, ref a23);
        if (sizeof(TRows) > 3) Load<TPanels>(y + 3 * o.YStride, ref a30, ref a31, ref a32, ref a33);
        if (sizeof(TRows) > 4) Load<TPanels>(y + 4 * o.YStride, ref a40, ref a41, ref a42, ref a43);
        if (sizeof(TRows) > 5) Load<TPanels>(y + 5 * o.YStride, ref a50, ref a51, ref a52, ref a53);
        for (int pairs = at.Count >> 1; pairs > 0; pairs--)
        {
            if (sizeof(TRows) > 2)
            {
                Prefetch.ToFirstLevel(ahead0);
                Prefetch.ToFirstLevel(ahead1);
            }
            TLanes u0 = TFormat.First<TLanes>(w0), u1 = u0, u2 = u0, u3 = u0;
            if (sizeof(TPanels) > 1)
            {
                u1 = TFormat.First<TLanes>(w1);
                u2 = TFormat.First<TLanes>(w2);
                u3 = TFormat.First<TLanes>(w3);
            }
            Add<TPanels>(x0[0], u0, u1, u2, u3, ref a00, ref a01, ref a02, ref a03);
            if (sizeof(TRows) > 1) Add<TPanels>(x1[0], u0, u1, u2, u3, ref a10, ref a11, ref a12, ref a13);
            if (sizeof(TRows) > 2) Add<TPanels>(x2[0], u0, u1, u2, u3, ref a20, ref a21, ref a22, ref a23);
            if (sizeof(TRows) > 3) Add<TPanels>(x3[0], u0, u1, u2, u3, ref a30, ref a31, ref a32, ref a33);
            if (sizeof(TRows) > 4) Add<TPanels>(x4[0], u0, u1, u2, u3, ref a40, ref a41, ref a42, ref a43);
            if (sizeof(TRows) > 5) Add<TPanels>(x5[0], u0, u1, u2, u3, ref a50, ref a51, ref a52, ref a53);
            u0 = TFormat.Second<TLanes>(w0);
            if (sizeof(TPanels) > 1)
            {
                u1 = TFormat.Second<TLanes>(w1);
                u2 = TFormat.Second<TLanes>(w2);
                u3 = TFormat.Second<TLanes>(w3);
            }
            Add<TPanels>(x0[1], u0, u1, u2, u3, ref a00, ref a01, ref a02, ref a03);
            if (sizeof(TRows) > 1) Add<TPanels>(x1[1], u0, u1, u2, u3, ref a10, ref a11, ref a12, ref a13);
            if (sizeof(TRows) > 2) Add<TPanels>(x2[1], u0, u1, u2, u3, ref a20, ref a21, ref a22, ref a23);
            if (sizeof(TRows) > 3) Add<TPanels>(x3[1], u0, u1, u2, u3, ref a30, ref a31, ref a32, ref a33);
            if (sizeof(TRows) > 4) Add<TPanels>(x4[1], u0, u1, u2, u3, ref a40, ref a41, ref a42, ref a43);
            if (sizeof(TRows) > 5) Add<TPanels>(x5[1], u0, u1, u2, u3, ref a50, ref a51, ref a52, ref a53);
            w0 += TFormat.PairBytes;
            w1 += TFormat.PairBytes;
            w2 += TFormat.PairBytes;
            w3 += TFormat.PairBytes;
            x0 += 2;
            x1 += 2;
            x2 += 2;
            x3 += 2;
            x4 += 2;
            x5 += 2;
            ahead0 += 64;
            ahead1 += 64;
        }
        if ((at.Count & 1) != 0)
        {
            TLanes u0 = TFormat.First<TLanes>(w0), u1 = u0, u2 = u0, u3 = u0;
            if (sizeof(TPanels) > 1)
            {
                u1 = TFormat.First<TLanes>(w1);
                u2 = TFormat.First<TLanes>(w2);
                u3 = TFormat.First<TLanes>(w3);
            }
            Add<TPanels>(x0[0], u0, u1, u2, u3, ref a00, ref a01, ref a02, ref a03);
            if (sizeof(TRows) > 1) Add<TPanels>(x1[0], u0, u1, u2, u3, ref a10, ref a11, ref a12, ref a13);
            if (sizeof(TRows) > 2) Add<TPanels>(x2[0], u0, u1, u2, u3, ref a20, ref a21, ref a22, ref a23);
            if (sizeof(TRows) > 3) Add<TPanels>(x3[0], u0, u1, u2, u3, ref a30, ref a31, ref a32, ref a33);
            if (sizeof(TRows) > 4) Add<TPanels>(x4[0], u0, u1, u2, u3, ref a40, ref a41, ref a42, ref a43);
            if (sizeof(TRows) > 5) Add<TPanels>(x5[0], u0, u1, u2, u3, ref a50, ref a51, ref a52, ref a53);
        }
        Store<TPanels>(y, a00, a01, a02, a03);
        if (sizeof(TRows) > 1) Store<TPanels>(y + o.YStride, a10, a11, a12, a13);
        if (sizeof(TRows) > 2) Store<TPanels>(y + 2 * o.YStride, a20, a21, a22, a23);
        if (sizeof(TRows) > 3) Store<TPanels>(y + 3 * o.YStride, a30, a31, a32, a33);
        if (sizeof(TRows) > 4) Store<TPanels>(y + 4 * o.YStride, a40, a41, a42, a43);
        if (sizeof(TRows) > 5) Store<TPanels>(y + 5 * o.YStride, a50, a51, a52, a53);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TPanels>(
        float x, TLanes w0, TLanes w1, TLanes w2, TLanes w3, ref TLanes a0, ref TLanes a1, ref TLanes a2, ref TLanes a3)
        where TPanels : unmanaged
    {
        var v = TLanes.Broadcast(x);
        a0 = TLanes.Fma(v, w0, a0);
        if (sizeof(TPanels) == 1) return;
        a1 = TLanes.Fma(v, w1, a1);
        a2 = TLanes.Fma(v, w2, a2);
        a3 = TLanes.Fma(v, w3, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TPanels>(float* y, ref TLanes a0, ref TLanes a1, ref TLanes a2, ref TLanes a3) where TPanels : unmanaged
    {
        a0 = TLanes.Load(y);
        if (sizeof(TPanels) == 1) return;
        a1 = TLanes.Load(y + 16);
        a2 = TLanes.Load(y + 32);
        a3 = TLanes.Load(y + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TPanels>(float* y, TLanes a0, TLanes a1, TLanes a2, TLanes a3) where TPanels : unmanaged
    {
        TLanes.Store(y, a0);
        if (sizeof(TPanels) == 1) return;
        TLanes.Store(y + 16, a1);
        TLanes.Store(y + 32, a2);
        TLanes.Store(y + 48, a3);
    }
}
