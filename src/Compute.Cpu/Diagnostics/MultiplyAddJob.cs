using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Diagnostics;

/// <summary>Fused multiply-adds on sixteen independent sums, enough to hide their latency; nothing touches memory.</summary>
internal sealed class MultiplyAddJob : IParallelJob
{
    private const int Rounds = 1_000_000;
    private const int Sums = 16;

    // Keeps the sums alive; threads may overwrite each other's.
    public float Sink { get; private set; }

    /// <summary>Operations of one part: a multiply and an add for every lane of every sum.</summary>
    public static double Operations => 2.0 * Rounds * Sums * (Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector<float>.Count);

    public void Execute(int part) => Sink = Vector512.IsHardwareAccelerated ? Wide() : Narrow();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide()
    {
        Vector512<float> m = Vector512.Create(0.999f), k = Vector512.Create(0.001f);
        Vector512<float> a0 = k, a1 = k, a2 = k, a3 = k, a4 = k, a5 = k, a6 = k, a7 = k, b0 = k, b1 = k, b2 = k, b3 = k, b4 = k, b5 = k, b6 = k, b7 = k;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, m, k);
            a1 = Vector512.FusedMultiplyAdd(a1, m, k);
            a2 = Vector512.FusedMultiplyAdd(a2, m, k);
            a3 = Vector512.FusedMultiplyAdd(a3, m, k);
            a4 = Vector512.FusedMultiplyAdd(a4, m, k);
            a5 = Vector512.FusedMultiplyAdd(a5, m, k);
            a6 = Vector512.FusedMultiplyAdd(a6, m, k);
            a7 = Vector512.FusedMultiplyAdd(a7, m, k);
            b0 = Vector512.FusedMultiplyAdd(b0, m, k);
            b1 = Vector512.FusedMultiplyAdd(b1, m, k);
            b2 = Vector512.FusedMultiplyAdd(b2, m, k);
            b3 = Vector512.FusedMultiplyAdd(b3, m, k);
            b4 = Vector512.FusedMultiplyAdd(b4, m, k);
            b5 = Vector512.FusedMultiplyAdd(b5, m, k);
            b6 = Vector512.FusedMultiplyAdd(b6, m, k);
            b7 = Vector512.FusedMultiplyAdd(b7, m, k);
        }
        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Narrow()
    {
        Vector<float> m = new(0.999f), k = new(0.001f);
        Vector<float> a0 = k, a1 = k, a2 = k, a3 = k, a4 = k, a5 = k, a6 = k, a7 = k, b0 = k, b1 = k, b2 = k, b3 = k, b4 = k, b5 = k, b6 = k, b7 = k;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = Vector.FusedMultiplyAdd(a0, m, k);
            a1 = Vector.FusedMultiplyAdd(a1, m, k);
            a2 = Vector.FusedMultiplyAdd(a2, m, k);
            a3 = Vector.FusedMultiplyAdd(a3, m, k);
            a4 = Vector.FusedMultiplyAdd(a4, m, k);
            a5 = Vector.FusedMultiplyAdd(a5, m, k);
            a6 = Vector.FusedMultiplyAdd(a6, m, k);
            a7 = Vector.FusedMultiplyAdd(a7, m, k);
            b0 = Vector.FusedMultiplyAdd(b0, m, k);
            b1 = Vector.FusedMultiplyAdd(b1, m, k);
            b2 = Vector.FusedMultiplyAdd(b2, m, k);
            b3 = Vector.FusedMultiplyAdd(b3, m, k);
            b4 = Vector.FusedMultiplyAdd(b4, m, k);
            b5 = Vector.FusedMultiplyAdd(b5, m, k);
            b6 = Vector.FusedMultiplyAdd(b6, m, k);
            b7 = Vector.FusedMultiplyAdd(b7, m, k);
        }
        return Vector.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7);
    }
}
