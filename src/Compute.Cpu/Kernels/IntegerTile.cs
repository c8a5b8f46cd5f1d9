using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// A tile over 8-bit weights and inputs quantized to 16 bits (<see cref="QuantizedRows"/>). A group of 64 products is summed in 32-bit
/// integers, exactly and so in any order: 64 x 127 x 32767 is below 2^28. Two products cost one multiply-add of 16-bit pairs, half of what
/// they cost in f32. The group's sum is then scaled and added to the output in the order of the groups.
/// </summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
/// <typeparam name="TIntegers">Its integers.</typeparam>
internal readonly unsafe struct IntegerTile<TLanes, TIntegers> : ITileKernel
    where TLanes : struct, ILanes<TLanes>
    where TIntegers : struct, IIntegerLanes<TIntegers, TLanes>
{
    /// <inheritdoc/>
    public static int Panels => TLanes.TilePanels;

    /// <inheritdoc/>
    public static long Offset(int inputs) => (long)(inputs / Int8Panels.GroupSize) * Int8Panels.GroupBytes;

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
        short* x0 = o.Quantized.Values + at.Row * o.Quantized.Stride + at.From;
        float* scales = o.Quantized.Scales + at.Row * o.Quantized.ScaleStride + at.From / Int8Panels.GroupSize;
        float* y = o.Y + at.Row * o.YStride + at.Panel * 16L;
        byte* ahead0 = at.Ahead0;
        byte* ahead1 = at.Ahead1;
        for (int left = at.Count; left > 0; left -= Int8Panels.GroupSize)
        {
            short* x1 = x0 + o.Quantized.Stride;
            short* x2 = x1 + o.Quantized.Stride;
            short* x3 = x2 + o.Quantized.Stride;
            short* x4 = x3 + o.Quantized.Stride;
            short* x5 = x4 + o.Quantized.Stride;
            float* weightScales0 = (float*)w0;
            float* weightScales1 = (float*)w1;
            float* weightScales2 = (float*)w2;
            float* weightScales3 = (float*)w3;
            w0 += Int8Panels.ScaleBytes;
            w1 += Int8Panels.ScaleBytes;
            w2 += Int8Panels.ScaleBytes;
            w3 += Int8Panels.ScaleBytes;
            TIntegers a00 = TIntegers.Zero, a01 = TIntegers.Zero, a02 = TIntegers.Zero, a03 = TIntegers.Zero;
            TIntegers a10 = TIntegers.Zero, a11 = TIntegers.Zero, a12 = TIntegers.Zero, a13 = TIntegers.Zero;
            TIntegers a20 = TIntegers.Zero, a21 = TIntegers.Zero, a22 = TIntegers.Zero, a23 = TIntegers.Zero;
            TIntegers a30 = TIntegers.Zero, a31 = TIntegers.Zero, a32 = TIntegers.Zero, a33 = TIntegers.Zero;
            TIntegers a40 = TIntegers.Zero, a41 = TIntegers.Zero, a42 = TIntegers.Zero, a43 = TIntegers.Zero;
            TIntegers a50 = TIntegers.Zero, a51 = TIntegers.Zero, a52 = TIntegers.Zero, a53 = TIntegers.Zero;
            for (nint pair = 0; pair < Int8Panels.GroupSize / 2; pair++)
            {
                if (sizeof(TRows) > 2)
                {
                    Prefetch.ToFirstLevel(ahead0);
                    Prefetch.ToFirstLevel(ahead1);
                }
                TIntegers u0 = TIntegers.LoadPairs(w0), u1 = u0, u2 = u0, u3 = u0;
                if (sizeof(TPanels) > 1)
                {
                    u1 = TIntegers.LoadPairs(w1);
                    u2 = TIntegers.LoadPairs(w2);
                    u3 = TIntegers.LoadPairs(w3);
                }
                Add<TPanels>(x0 + 2 * pair, u0, u1, u2, u3, ref a00, ref a01, ref a02, ref a03);
                if (sizeof(TRows) > 1) Add<TPanels>(x1 + 2 * pair, u0, u1, u2, u3, ref a10, ref a11, ref a12, ref a13);
                if (sizeof(TRows) > 2) Add<TPanels>(x2 + 2 * pair, u0, u1, u2, u3, ref a20, ref a21, ref a22, ref a23);
                if (sizeof(TRows) > 3) Add<TPanels>(x3 + 2 * pair, u0, u1, u2, u3, ref a30, ref a31, ref a32, ref a33);
                if (sizeof(TRows) > 4) Add<TPanels>(x4 + 2 * pair, u0, u1, u2, u3, ref a40, ref a41, ref a42, ref a43);
                if (sizeof(TRows) > 5) Add<TPanels>(x5 + 2 * pair, u0, u1, u2, u3, ref a50, ref a51, ref a52, ref a53);
                w0 += Int8Panels.PairBytes;
                w1 += Int8Panels.PairBytes;
                w2 += Int8Panels.PairBytes;
                w3 += Int8Panels.PairBytes;
                ahead0 += Int8Panels.PairBytes;
                ahead1 += Int8Panels.PairBytes;
            }
            TLanes s0 = TLanes.Load(weightScales0), s1 = s0, s2 = s0, s3 = s0;
            if (sizeof(TPanels) > 1)
            {
                s1 = TLanes.Load(weightScales1);
                s2 = TLanes.Load(weightScales2);
                s3 = TLanes.Load(weightScales3);
            }
            Fold<TPanels>(y, scales[0], s0, s1, s2, s3, a00, a01, a02, a03);
            if (sizeof(TRows) > 1) Fold<TPanels>(y + o.YStride, scales[o.Quantized.ScaleStride], s0, s1, s2, s3, a10, a11, a12, a13);
            if (sizeof(TRows) > 2) Fold<TPanels>(y + 2 * o.YStride, scales[2 * o.Quantized.ScaleStride], s0, s1, s2, s3, a20, a21, a22, a23);
            if (sizeof(TRows) > 3) Fold<TPanels>(y + 3 * o.YStride, scales[3 * o.Quantized.ScaleStride], s0, s1, s2, s3, a30, a31, a32, a33);
            if (sizeof(TRows) > 4) Fold<TPanels>(y + 4 * o.YStride, scales[4 * o.Quantized.ScaleStride], s0, s1, s2, s3, a40, a41, a42, a43);
            if (sizeof(TRows) > 5) Fold<TPanels>(y + 5 * o.YStride, scales[5 * o.Quantized.ScaleStride], s0, s1, s2, s3, a50, a51, a52, a53);
            x0 += Int8Panels.GroupSize;
            scales++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TPanels>(
        short* x, TIntegers w0, TIntegers w1, TIntegers w2, TIntegers w3,
        ref TIntegers a0, ref TIntegers a1, ref TIntegers a2, ref TIntegers a3)
        where TPanels : unmanaged
    {
        var v = TIntegers.BroadcastPair(x);
        a0 = TIntegers.MultiplyAddPairs(v, w0, a0);
        if (sizeof(TPanels) == 1) return;
        a1 = TIntegers.MultiplyAddPairs(v, w1, a1);
        a2 = TIntegers.MultiplyAddPairs(v, w2, a2);
        a3 = TIntegers.MultiplyAddPairs(v, w3, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold<TPanels>(
        float* y, float scale, TLanes s0, TLanes s1, TLanes s2, TLanes s3, TIntegers a0, TIntegers a1, TIntegers a2, TIntegers a3)
        where TPanels : unmanaged
    {
        var factor = TLanes.Broadcast(scale);
        TLanes.Store(y, TLanes.Fma(TIntegers.ToFloats(a0), TLanes.Multiply(factor, s0), TLanes.Load(y)));
        if (sizeof(TPanels) == 1) return;
        TLanes.Store(y + 16, TLanes.Fma(TIntegers.ToFloats(a1), TLanes.Multiply(factor, s1), TLanes.Load(y + 16)));
        TLanes.Store(y + 32, TLanes.Fma(TIntegers.ToFloats(a2), TLanes.Multiply(factor, s2), TLanes.Load(y + 32)));
        TLanes.Store(y + 48, TLanes.Fma(TIntegers.ToFloats(a3), TLanes.Multiply(factor, s3), TLanes.Load(y + 48)));
    }
}
