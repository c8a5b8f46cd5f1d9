using System.Runtime.Intrinsics;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// The 128-bit micro-kernel: a register tile of 6 rows by 8 columns (12 of 16 registers, or of 32 on Arm). Accumulators are named
/// locals because the compiler keeps only those in registers.
/// </summary>
internal static unsafe class GemmKernel128
{
    /// <summary>Rows of the register tile.</summary>
    public const int Rows = 6;

    /// <summary>Columns of the register tile.</summary>
    public const int Columns = 8;

    /// <summary>As <see cref="GemmKernel.Multiply"/> says.</summary>
    public static void Multiply(float* a, float* b, nint depth, float* initial, nint initialStride, float* c, nint cStride)
    {
        Vector128<float> l0 = default, h0 = default;
        Vector128<float> l1 = default, h1 = default;
        Vector128<float> l2 = default, h2 = default;
        Vector128<float> l3 = default, h3 = default;
        Vector128<float> l4 = default, h4 = default;
        Vector128<float> l5 = default, h5 = default;
        for (nint k = 0; k < depth; k++)
        {
            var bl = Vector128.Load(b);
            var bh = Vector128.Load(b + 4);
            var a0 = Vector128.Create(a[0]);
            l0 = Vector128.MultiplyAddEstimate(a0, bl, l0);
            h0 = Vector128.MultiplyAddEstimate(a0, bh, h0);
            var a1 = Vector128.Create(a[1]);
            l1 = Vector128.MultiplyAddEstimate(a1, bl, l1);
            h1 = Vector128.MultiplyAddEstimate(a1, bh, h1);
            var a2 = Vector128.Create(a[2]);
            l2 = Vector128.MultiplyAddEstimate(a2, bl, l2);
            h2 = Vector128.MultiplyAddEstimate(a2, bh, h2);
            var a3 = Vector128.Create(a[3]);
            l3 = Vector128.MultiplyAddEstimate(a3, bl, l3);
            h3 = Vector128.MultiplyAddEstimate(a3, bh, h3);
            var a4 = Vector128.Create(a[4]);
            l4 = Vector128.MultiplyAddEstimate(a4, bl, l4);
            h4 = Vector128.MultiplyAddEstimate(a4, bh, h4);
            var a5 = Vector128.Create(a[5]);
            l5 = Vector128.MultiplyAddEstimate(a5, bl, l5);
            h5 = Vector128.MultiplyAddEstimate(a5, bh, h5);
            a += 6;
            b += 8;
        }
        if (initial != null)
        {
            l0 += Vector128.Load(initial);
            h0 += Vector128.Load(initial + 4);
            l1 += Vector128.Load(initial + initialStride);
            h1 += Vector128.Load(initial + initialStride + 4);
            l2 += Vector128.Load(initial + 2 * initialStride);
            h2 += Vector128.Load(initial + 2 * initialStride + 4);
            l3 += Vector128.Load(initial + 3 * initialStride);
            h3 += Vector128.Load(initial + 3 * initialStride + 4);
            l4 += Vector128.Load(initial + 4 * initialStride);
            h4 += Vector128.Load(initial + 4 * initialStride + 4);
            l5 += Vector128.Load(initial + 5 * initialStride);
            h5 += Vector128.Load(initial + 5 * initialStride + 4);
        }
        l0.Store(c);
        h0.Store(c + 4);
        l1.Store(c + cStride);
        h1.Store(c + cStride + 4);
        l2.Store(c + 2 * cStride);
        h2.Store(c + 2 * cStride + 4);
        l3.Store(c + 3 * cStride);
        h3.Store(c + 3 * cStride + 4);
        l4.Store(c + 4 * cStride);
        h4.Store(c + 4 * cStride + 4);
        l5.Store(c + 5 * cStride);
        h5.Store(c + 5 * cStride + 4);
    }
}
