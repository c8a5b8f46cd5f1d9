using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// y += x W'. Every output is one lane that sums its products in the order of k with fused multiply-add (per group of scales, where the
/// format has them), so its bits do not depend on how rows and panels are blocked: blocks differ only in how many sums run side by side.
/// </summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
/// <typeparam name="TFormat">Layout of the weights.</typeparam>
internal static unsafe class LinearKernel<TLanes, TFormat>
    where TLanes : struct, ILanes<TLanes>
    where TFormat : struct, IPanelFormat<TFormat>
{
    private const int ScaleBytes = 64;

    /// <summary>Adds the products of panels <paramref name="first"/> to <paramref name="last"/> - 1 to all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(in LinearOperands o, int first, int last)
    {
        int panel = first;
        for (; panel + 4 <= last; panel += 4)
        {
            int row = 0;
            if (TLanes.Registers >= 16)
            {
                for (; row + 4 <= o.Rows; row += 4) Block4x4(o, panel, row);
                for (; row + 2 <= o.Rows; row += 2) Block4x2(o, panel, row);
            }
            else
            {
                for (; row + 4 <= o.Rows; row += 4)
                    for (int p = 0; p < 4; p++)
                        Block1x4(o, panel + p, row);
            }
            for (; row < o.Rows; row++) Block4x1(o, panel, row);
        }
        for (; panel < last; panel++)
        {
            int row = 0;
            for (; row + 4 <= o.Rows; row += 4) Block1x4(o, panel, row);
            for (; row < o.Rows; row++) Block1x1(o, panel, row);
        }
    }

    // 4 panels by 4 rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x4(in LinearOperands o, int panel, int row)
    {
        byte* w0 = o.Weights + panel * o.PanelBytes;
        byte* w1 = w0 + o.PanelBytes;
        byte* w2 = w1 + o.PanelBytes;
        byte* w3 = w2 + o.PanelBytes;
        float* x0 = o.X + row * o.XStride;
        float* x1 = x0 + o.XStride;
        float* x2 = x1 + o.XStride;
        float* x3 = x2 + o.XStride;
        float* y = o.Y + row * o.YStride + panel * 16L;
        for (int left = o.Inputs; left > 0;)
        {
            int count = GroupLength(left);
            left -= count;
            float* scale0 = (float*)w0;
            float* scale1 = (float*)w1;
            float* scale2 = (float*)w2;
            float* scale3 = (float*)w3;
            if (TFormat.GroupSize != 0)
            {
                w0 += ScaleBytes;
                w1 += ScaleBytes;
                w2 += ScaleBytes;
                w3 += ScaleBytes;
            }
            TLanes a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
            TLanes a10 = TLanes.Zero, a11 = TLanes.Zero, a12 = TLanes.Zero, a13 = TLanes.Zero;
            TLanes a20 = TLanes.Zero, a21 = TLanes.Zero, a22 = TLanes.Zero, a23 = TLanes.Zero;
            TLanes a30 = TLanes.Zero, a31 = TLanes.Zero, a32 = TLanes.Zero, a33 = TLanes.Zero;
            for (int pairs = count >> 1; pairs > 0; pairs--)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes v0);
                TFormat.LoadPair(w1, out TLanes u1, out TLanes v1);
                TFormat.LoadPair(w2, out TLanes u2, out TLanes v2);
                TFormat.LoadPair(w3, out TLanes u3, out TLanes v3);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                a01 = TLanes.Fma(x, u1, a01);
                a02 = TLanes.Fma(x, u2, a02);
                a03 = TLanes.Fma(x, u3, a03);
                x = TLanes.Broadcast(x1[0]);
                a10 = TLanes.Fma(x, u0, a10);
                a11 = TLanes.Fma(x, u1, a11);
                a12 = TLanes.Fma(x, u2, a12);
                a13 = TLanes.Fma(x, u3, a13);
                x = TLanes.Broadcast(x2[0]);
                a20 = TLanes.Fma(x, u0, a20);
                a21 = TLanes.Fma(x, u1, a21);
                a22 = TLanes.Fma(x, u2, a22);
                a23 = TLanes.Fma(x, u3, a23);
                x = TLanes.Broadcast(x3[0]);
                a30 = TLanes.Fma(x, u0, a30);
                a31 = TLanes.Fma(x, u1, a31);
                a32 = TLanes.Fma(x, u2, a32);
                a33 = TLanes.Fma(x, u3, a33);
                x = TLanes.Broadcast(x0[1]);
                a00 = TLanes.Fma(x, v0, a00);
                a01 = TLanes.Fma(x, v1, a01);
                a02 = TLanes.Fma(x, v2, a02);
                a03 = TLanes.Fma(x, v3, a03);
                x = TLanes.Broadcast(x1[1]);
                a10 = TLanes.Fma(x, v0, a10);
                a11 = TLanes.Fma(x, v1, a11);
                a12 = TLanes.Fma(x, v2, a12);
                a13 = TLanes.Fma(x, v3, a13);
                x = TLanes.Broadcast(x2[1]);
                a20 = TLanes.Fma(x, v0, a20);
                a21 = TLanes.Fma(x, v1, a21);
                a22 = TLanes.Fma(x, v2, a22);
                a23 = TLanes.Fma(x, v3, a23);
                x = TLanes.Broadcast(x3[1]);
                a30 = TLanes.Fma(x, v0, a30);
                a31 = TLanes.Fma(x, v1, a31);
                a32 = TLanes.Fma(x, v2, a32);
                a33 = TLanes.Fma(x, v3, a33);
                w0 += TFormat.PairBytes;
                w1 += TFormat.PairBytes;
                w2 += TFormat.PairBytes;
                w3 += TFormat.PairBytes;
                x0 += 2;
                x1 += 2;
                x2 += 2;
                x3 += 2;
            }
            if ((count & 1) != 0)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes _);
                TFormat.LoadPair(w1, out TLanes u1, out TLanes _);
                TFormat.LoadPair(w2, out TLanes u2, out TLanes _);
                TFormat.LoadPair(w3, out TLanes u3, out TLanes _);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                a01 = TLanes.Fma(x, u1, a01);
                a02 = TLanes.Fma(x, u2, a02);
                a03 = TLanes.Fma(x, u3, a03);
                x = TLanes.Broadcast(x1[0]);
                a10 = TLanes.Fma(x, u0, a10);
                a11 = TLanes.Fma(x, u1, a11);
                a12 = TLanes.Fma(x, u2, a12);
                a13 = TLanes.Fma(x, u3, a13);
                x = TLanes.Broadcast(x2[0]);
                a20 = TLanes.Fma(x, u0, a20);
                a21 = TLanes.Fma(x, u1, a21);
                a22 = TLanes.Fma(x, u2, a22);
                a23 = TLanes.Fma(x, u3, a23);
                x = TLanes.Broadcast(x3[0]);
                a30 = TLanes.Fma(x, u0, a30);
                a31 = TLanes.Fma(x, u1, a31);
                a32 = TLanes.Fma(x, u2, a32);
                a33 = TLanes.Fma(x, u3, a33);
            }
            Fold(y, scale0, a00);
            Fold(y + 16, scale1, a01);
            Fold(y + 32, scale2, a02);
            Fold(y + 48, scale3, a03);
            Fold(y + o.YStride, scale0, a10);
            Fold(y + o.YStride + 16, scale1, a11);
            Fold(y + o.YStride + 32, scale2, a12);
            Fold(y + o.YStride + 48, scale3, a13);
            Fold(y + 2 * o.YStride, scale0, a20);
            Fold(y + 2 * o.YStride + 16, scale1, a21);
            Fold(y + 2 * o.YStride + 32, scale2, a22);
            Fold(y + 2 * o.YStride + 48, scale3, a23);
            Fold(y + 3 * o.YStride, scale0, a30);
            Fold(y + 3 * o.YStride + 16, scale1, a31);
            Fold(y + 3 * o.YStride + 32, scale2, a32);
            Fold(y + 3 * o.YStride + 48, scale3, a33);
        }
    }

    // 4 panels by 2 rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x2(in LinearOperands o, int panel, int row)
    {
        byte* w0 = o.Weights + panel * o.PanelBytes;
        byte* w1 = w0 + o.PanelBytes;
        byte* w2 = w1 + o.PanelBytes;
        byte* w3 = w2 + o.PanelBytes;
        float* x0 = o.X + row * o.XStride;
        float* x1 = x0 + o.XStride;
        float* y = o.Y + row * o.YStride + panel * 16L;
        for (int left = o.Inputs; left > 0;)
        {
            int count = GroupLength(left);
            left -= count;
            float* scale0 = (float*)w0;
            float* scale1 = (float*)w1;
            float* scale2 = (float*)w2;
            float* scale3 = (float*)w3;
            if (TFormat.GroupSize != 0)
            {
                w0 += ScaleBytes;
                w1 += ScaleBytes;
                w2 += ScaleBytes;
                w3 += ScaleBytes;
            }
            TLanes a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
            TLanes a10 = TLanes.Zero, a11 = TLanes.Zero, a12 = TLanes.Zero, a13 = TLanes.Zero;
            for (int pairs = count >> 1; pairs > 0; pairs--)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes v0);
                TFormat.LoadPair(w1, out TLanes u1, out TLanes v1);
                TFormat.LoadPair(w2, out TLanes u2, out TLanes v2);
                TFormat.LoadPair(w3, out TLanes u3, out TLanes v3);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                a01 = TLanes.Fma(x, u1, a01);
                a02 = TLanes.Fma(x, u2, a02);
                a03 = TLanes.Fma(x, u3, a03);
                x = TLanes.Broadcast(x1[0]);
                a10 = TLanes.Fma(x, u0, a10);
                a11 = TLanes.Fma(x, u1, a11);
                a12 = TLanes.Fma(x, u2, a12);
                a13 = TLanes.Fma(x, u3, a13);
                x = TLanes.Broadcast(x0[1]);
                a00 = TLanes.Fma(x, v0, a00);
                a01 = TLanes.Fma(x, v1, a01);
                a02 = TLanes.Fma(x, v2, a02);
                a03 = TLanes.Fma(x, v3, a03);
                x = TLanes.Broadcast(x1[1]);
                a10 = TLanes.Fma(x, v0, a10);
                a11 = TLanes.Fma(x, v1, a11);
                a12 = TLanes.Fma(x, v2, a12);
                a13 = TLanes.Fma(x, v3, a13);
                w0 += TFormat.PairBytes;
                w1 += TFormat.PairBytes;
                w2 += TFormat.PairBytes;
                w3 += TFormat.PairBytes;
                x0 += 2;
                x1 += 2;
            }
            if ((count & 1) != 0)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes _);
                TFormat.LoadPair(w1, out TLanes u1, out TLanes _);
                TFormat.LoadPair(w2, out TLanes u2, out TLanes _);
                TFormat.LoadPair(w3, out TLanes u3, out TLanes _);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                a01 = TLanes.Fma(x, u1, a01);
                a02 = TLanes.Fma(x, u2, a02);
                a03 = TLanes.Fma(x, u3, a03);
                x = TLanes.Broadcast(x1[0]);
                a10 = TLanes.Fma(x, u0, a10);
                a11 = TLanes.Fma(x, u1, a11);
                a12 = TLanes.Fma(x, u2, a12);
                a13 = TLanes.Fma(x, u3, a13);
            }
            Fold(y, scale0, a00);
            Fold(y + 16, scale1, a01);
            Fold(y + 32, scale2, a02);
            Fold(y + 48, scale3, a03);
            Fold(y + o.YStride, scale0, a10);
            Fold(y + o.YStride + 16, scale1, a11);
            Fold(y + o.YStride + 32, scale2, a12);
            Fold(y + o.YStride + 48, scale3, a13);
        }
    }

    // 4 panels by 1 row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x1(in LinearOperands o, int panel, int row)
    {
        byte* w0 = o.Weights + panel * o.PanelBytes;
        byte* w1 = w0 + o.PanelBytes;
        byte* w2 = w1 + o.PanelBytes;
        byte* w3 = w2 + o.PanelBytes;
        float* x0 = o.X + row * o.XStride;
        float* y = o.Y + row * o.YStride + panel * 16L;
        for (int left = o.Inputs; left > 0;)
        {
            int count = GroupLength(left);
            left -= count;
            float* scale0 = (float*)w0;
            float* scale1 = (float*)w1;
            float* scale2 = (float*)w2;
            float* scale3 = (float*)w3;
            if (TFormat.GroupSize != 0)
            {
                w0 += ScaleBytes;
                w1 += ScaleBytes;
                w2 += ScaleBytes;
                w3 += ScaleBytes;
            }
            TLanes a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
            for (int pairs = count >> 1; pairs > 0; pairs--)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes v0);
                TFormat.LoadPair(w1, out TLanes u1, out TLanes v1);
                TFormat.LoadPair(w2, out TLanes u2, out TLanes v2);
                TFormat.LoadPair(w3, out TLanes u3, out TLanes v3);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                a01 = TLanes.Fma(x, u1, a01);
                a02 = TLanes.Fma(x, u2, a02);
                a03 = TLanes.Fma(x, u3, a03);
                x = TLanes.Broadcast(x0[1]);
                a00 = TLanes.Fma(x, v0, a00);
                a01 = TLanes.Fma(x, v1, a01);
                a02 = TLanes.Fma(x, v2, a02);
                a03 = TLanes.Fma(x, v3, a03);
                w0 += TFormat.PairBytes;
                w1 += TFormat.PairBytes;
                w2 += TFormat.PairBytes;
                w3 += TFormat.PairBytes;
                x0 += 2;
            }
            if ((count & 1) != 0)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes _);
                TFormat.LoadPair(w1, out TLanes u1, out TLanes _);
                TFormat.LoadPair(w2, out TLanes u2, out TLanes _);
                TFormat.LoadPair(w3, out TLanes u3, out TLanes _);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                a01 = TLanes.Fma(x, u1, a01);
                a02 = TLanes.Fma(x, u2, a02);
                a03 = TLanes.Fma(x, u3, a03);
            }
            Fold(y, scale0, a00);
            Fold(y + 16, scale1, a01);
            Fold(y + 32, scale2, a02);
            Fold(y + 48, scale3, a03);
        }
    }

    // 1 panel by 4 rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block1x4(in LinearOperands o, int panel, int row)
    {
        byte* w0 = o.Weights + panel * o.PanelBytes;
        float* x0 = o.X + row * o.XStride;
        float* x1 = x0 + o.XStride;
        float* x2 = x1 + o.XStride;
        float* x3 = x2 + o.XStride;
        float* y = o.Y + row * o.YStride + panel * 16L;
        for (int left = o.Inputs; left > 0;)
        {
            int count = GroupLength(left);
            left -= count;
            float* scale0 = (float*)w0;
            if (TFormat.GroupSize != 0) w0 += ScaleBytes;
            TLanes a00 = TLanes.Zero;
            TLanes a10 = TLanes.Zero;
            TLanes a20 = TLanes.Zero;
            TLanes a30 = TLanes.Zero;
            for (int pairs = count >> 1; pairs > 0; pairs--)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes v0);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                x = TLanes.Broadcast(x1[0]);
                a10 = TLanes.Fma(x, u0, a10);
                x = TLanes.Broadcast(x2[0]);
                a20 = TLanes.Fma(x, u0, a20);
                x = TLanes.Broadcast(x3[0]);
                a30 = TLanes.Fma(x, u0, a30);
                x = TLanes.Broadcast(x0[1]);
                a00 = TLanes.Fma(x, v0, a00);
                x = TLanes.Broadcast(x1[1]);
                a10 = TLanes.Fma(x, v0, a10);
                x = TLanes.Broadcast(x2[1]);
                a20 = TLanes.Fma(x, v0, a20);
                x = TLanes.Broadcast(x3[1]);
                a30 = TLanes.Fma(x, v0, a30);
                w0 += TFormat.PairBytes;
                x0 += 2;
                x1 += 2;
                x2 += 2;
                x3 += 2;
            }
            if ((count & 1) != 0)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes _);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                x = TLanes.Broadcast(x1[0]);
                a10 = TLanes.Fma(x, u0, a10);
                x = TLanes.Broadcast(x2[0]);
                a20 = TLanes.Fma(x, u0, a20);
                x = TLanes.Broadcast(x3[0]);
                a30 = TLanes.Fma(x, u0, a30);
            }
            Fold(y, scale0, a00);
            Fold(y + o.YStride, scale0, a10);
            Fold(y + 2 * o.YStride, scale0, a20);
            Fold(y + 3 * o.YStride, scale0, a30);
        }
    }

    // 1 panel by 1 row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block1x1(in LinearOperands o, int panel, int row)
    {
        byte* w0 = o.Weights + panel * o.PanelBytes;
        float* x0 = o.X + row * o.XStride;
        float* y = o.Y + row * o.YStride + panel * 16L;
        for (int left = o.Inputs; left > 0;)
        {
            int count = GroupLength(left);
            left -= count;
            float* scale0 = (float*)w0;
            if (TFormat.GroupSize != 0) w0 += ScaleBytes;
            TLanes a00 = TLanes.Zero;
            for (int pairs = count >> 1; pairs > 0; pairs--)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes v0);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
                x = TLanes.Broadcast(x0[1]);
                a00 = TLanes.Fma(x, v0, a00);
                w0 += TFormat.PairBytes;
                x0 += 2;
            }
            if ((count & 1) != 0)
            {
                TFormat.LoadPair(w0, out TLanes u0, out TLanes _);
                var x = TLanes.Broadcast(x0[0]);
                a00 = TLanes.Fma(x, u0, a00);
            }
            Fold(y, scale0, a00);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int GroupLength(int left) => TFormat.GroupSize == 0 ? left : Math.Min(left, TFormat.GroupSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float* y, float* scale, TLanes sum)
    {
        var total = TLanes.Load(y);
        TLanes.Store(y, TFormat.GroupSize == 0 ? TLanes.Add(total, sum) : TLanes.Fma(TLanes.Load(scale), sum, total));
    }
}
