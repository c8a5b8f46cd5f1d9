using System.Runtime.Intrinsics;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// The 512-bit micro-kernel: a register tile of 12 rows by 32 columns (24 of 32 registers). Accumulators are named
/// locals because the compiler keeps only those in registers.
/// </summary>
internal static unsafe class GemmKernel512
{
    /// <summary>Rows of the register tile.</summary>
    public const int Rows = 12;

    /// <summary>Columns of the register tile.</summary>
    public const int Columns = 32;

    /// <summary>As <see cref="GemmKernel.Multiply"/> says.</summary>
    public static void Multiply(float* a, float* b, nint depth, float* initial, nint initialStride, float* c, nint cStride)
    {
        Vector512<float> l0 = default, h0 = default;
        Vector512<float> l1 = default, h1 = default;
        Vector512<float> l2 = default, h2 = default;
        Vector512<float> l3 = default, h3 = default;
        Vector512<float> l4 = default, h4 = default;
        Vector512<float> l5 = default, h5 = default;
        Vector512<float> l6 = default, h6 = default;
        Vector512<float> l7 = default, h7 = default;
        Vector512<float> l8 = default, h8 = default;
        Vector512<float> l9 = default, h9 = default;
        Vector512<float> l10 = default, h10 = default;
        Vector512<float> l11 = default, h11 = default;
        for (nint k = 0; k < depth; k++)
        {
            var bl = Vector512.Load(b);
            var bh = Vector512.Load(b + 16);
            var a0 = Vector512.Create(a[0]);
            l0 = Vector512.MultiplyAddEstimate(a0, bl, l0);
            h0 = Vector512.MultiplyAddEstimate(a0, bh, h0);
            var a1 = Vector512.Create(a[1]);
            l1 = Vector512.MultiplyAddEstimate(a1, bl, l1);
            h1 = Vector512.MultiplyAddEstimate(a1, bh, h1);
            var a2 = Vector512.Create(a[2]);
            l2 = Vector512.MultiplyAddEstimate(a2, bl, l2);
            h2 = Vector512.MultiplyAddEstimate(a2, bh, h2);
            var a3 = Vector512.Create(a[3]);
            l3 = Vector512.MultiplyAddEstimate(a3, bl, l3);
            h3 = Vector512.MultiplyAddEstimate(a3, bh, h3);
            var a4 = Vector512.Create(a[4]);
            l4 = Vector512.MultiplyAddEstimate(a4, bl, l4);
            h4 = Vector512.MultiplyAddEstimate(a4, bh, h4);
            var a5 = Vector512.Create(a[5]);
            l5 = Vector512.MultiplyAddEstimate(a5, bl, l5);
            h5 = Vector512.MultiplyAddEstimate(a5, bh, h5);
            var a6 = Vector512.Create(a[6]);
            l6 = Vector512.MultiplyAddEstimate(a6, bl, l6);
            h6 = Vector512.MultiplyAddEstimate(a6, bh, h6);
            var a7 = Vector512.Create(a[7]);
            l7 = Vector512.MultiplyAddEstimate(a7, bl, l7);
            h7 = Vector512.MultiplyAddEstimate(a7, bh, h7);
            var a8 = Vector512.Create(a[8]);
            l8 = Vector512.MultiplyAddEstimate(a8, bl, l8);
            h8 = Vector512.MultiplyAddEstimate(a8, bh, h8);
            var a9 = Vector512.Create(a[9]);
            l9 = Vector512.MultiplyAddEstimate(a9, bl, l9);
            h9 = Vector512.MultiplyAddEstimate(a9, bh, h9);
            var a10 = Vector512.Create(a[10]);
            l10 = Vector512.MultiplyAddEstimate(a10, bl, l10);
            h10 = Vector512.MultiplyAddEstimate(a10, bh, h10);
            var a11 = Vector512.Create(a[11]);
            l11 = Vector512.MultiplyAddEstimate(a11, bl, l11);
            h11 = Vector512.MultiplyAddEstimate(a11, bh, h11);
            a += 12;
            b += 32;
        }
        if (initial != null)
        {
            l0 += Vector512.Load(initial);
            h0 += Vector512.Load(initial + 16);
            l1 += Vector512.Load(initial + initialStride);
            h1 += Vector512.Load(initial + initialStride + 16);
            l2 += Vector512.Load(initial + 2 * initialStride);
            h2 += Vector512.Load(initial + 2 * initialStride + 16);
            l3 += Vector512.Load(initial + 3 * initialStride);
            h3 += Vector512.Load(initial + 3 * initialStride + 16);
            l4 += Vector512.Load(initial + 4 * initialStride);
            h4 += Vector512.Load(initial + 4 * initialStride + 16);
            l5 += Vector512.Load(initial + 5 * initialStride);
            h5 += Vector512.Load(initial + 5 * initialStride + 16);
            l6 += Vector512.Load(initial + 6 * initialStride);
            h6 += Vector512.Load(initial + 6 * initialStride + 16);
            l7 += Vector512.Load(initial + 7 * initialStride);
            h7 += Vector512.Load(initial + 7 * initialStride + 16);
            l8 += Vector512.Load(initial + 8 * initialStride);
            h8 += Vector512.Load(initial + 8 * initialStride + 16);
            l9 += Vector512.Load(initial + 9 * initialStride);
            h9 += Vector512.Load(initial + 9 * initialStride + 16);
            l10 += Vector512.Load(initial + 10 * initialStride);
            h10 += Vector512.Load(initial + 10 * initialStride + 16);
            l11 += Vector512.Load(initial + 11 * initialStride);
            h11 += Vector512.Load(initial + 11 * initialStride + 16);
        }
        l0.Store(c);
        h0.Store(c + 16);
        l1.Store(c + cStride);
        h1.Store(c + cStride + 16);
        l2.Store(c + 2 * cStride);
        h2.Store(c + 2 * cStride + 16);
        l3.Store(c + 3 * cStride);
        h3.Store(c + 3 * cStride + 16);
        l4.Store(c + 4 * cStride);
        h4.Store(c + 4 * cStride + 16);
        l5.Store(c + 5 * cStride);
        h5.Store(c + 5 * cStride + 16);
        l6.Store(c + 6 * cStride);
        h6.Store(c + 6 * cStride + 16);
        l7.Store(c + 7 * cStride);
        h7.Store(c + 7 * cStride + 16);
        l8.Store(c + 8 * cStride);
        h8.Store(c + 8 * cStride + 16);
        l9.Store(c + 9 * cStride);
        h9.Store(c + 9 * cStride + 16);
        l10.Store(c + 10 * cStride);
        h10.Store(c + 10 * cStride + 16);
        l11.Store(c + 11 * cStride);
        h11.Store(c + 11 * cStride + 16);
    }
}
