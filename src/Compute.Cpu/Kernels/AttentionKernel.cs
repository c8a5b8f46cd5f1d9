using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>
/// Softmax attention of one query over its path. Every sum runs in an order that depends on the logical positions alone, never on slots: a
/// row's result is the same whether its ancestors are committed or pending, in a chain or in a tree.
/// </summary>
/// <typeparam name="TLanes">Instruction set.</typeparam>
internal static unsafe class AttentionKernel<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Computes one query's output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Attend(in AttentionOperands o)
    {
        int count = o.Committed + o.PathLength;
        Score(o);
        float inverse = 1f / Softmax(o.Scores, count, o.Scale);
        int d = 0;
        for (; d + 64 <= o.Width; d += 64) Combine64(o, d, inverse);
        for (; d < o.Width; d += 16) Combine16(o, d, inverse);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(in AttentionOperands o)
    {
        float* scores = o.Scores;
        float* key = o.Keys + (long)o.CommittedFrom * o.Width;
        int j = 0;
        for (; j + 4 <= o.Committed; j += 4, key += 4 * o.Width)
            Dot4(o.Query, key, key + o.Width, key + 2 * o.Width, key + 3 * o.Width, o.Width, scores + j);
        for (; j < o.Committed; j++, key += o.Width) scores[j] = Dot(o.Query, key, o.Width);
        scores += o.Committed;
        for (j = 0; j + 4 <= o.PathLength; j += 4) Dot4(o.Query, Key(o, j), Key(o, j + 1), Key(o, j + 2), Key(o, j + 3), o.Width, scores + j);
        for (; j < o.PathLength; j++) scores[j] = Dot(o.Query, Key(o, j), o.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Key(in AttentionOperands o, int j) => o.Keys + (long)o.Path[j] * o.Width;

    // Lane i sums elements i, i + 16, ...; then the lanes are added as a tree.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* a, float* b, int width)
    {
        var sum = TLanes.Zero;
        for (int d = 0; d < width; d += 16) sum = TLanes.Fma(TLanes.Load(a + d), TLanes.Load(b + d), sum);
        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot4(float* a, float* b0, float* b1, float* b2, float* b3, int width, float* result)
    {
        TLanes s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
        for (int d = 0; d < width; d += 16)
        {
            var v = TLanes.Load(a + d);
            s0 = TLanes.Fma(v, TLanes.Load(b0 + d), s0);
            s1 = TLanes.Fma(v, TLanes.Load(b1 + d), s1);
            s2 = TLanes.Fma(v, TLanes.Load(b2 + d), s2);
            s3 = TLanes.Fma(v, TLanes.Load(b3 + d), s3);
        }
        result[0] = TLanes.Sum(s0);
        result[1] = TLanes.Sum(s1);
        result[2] = TLanes.Sum(s2);
        result[3] = TLanes.Sum(s3);
    }

    // Turns scores into unnormalized probabilities and returns their sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Softmax(float* scores, int count, float scale)
    {
        int padded = (count + 15) & ~15;
        for (int i = count; i < padded; i++) scores[i] = scores[0];
        var max = TLanes.Load(scores);
        for (int i = 16; i < padded; i += 16) max = TLanes.Max(max, TLanes.Load(scores + i));
        var greatest = TLanes.Broadcast(TLanes.Max(max));
        var factor = TLanes.Broadcast(scale);
        for (int i = 0; i < padded; i += 16)
        {
            var x = TLanes.Multiply(TLanes.Subtract(TLanes.Load(scores + i), greatest), factor);
            TLanes.Store(scores + i, VectorKernel<TLanes>.Exp(x));
        }
        for (int i = count; i < padded; i++) scores[i] = 0;
        var sum = TLanes.Zero;
        for (int i = 0; i < padded; i += 16) sum = TLanes.Add(sum, TLanes.Load(scores + i));
        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine64(in AttentionOperands o, int d, float inverse)
    {
        TLanes a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero;
        float* values = o.Values + d;
        float* value = values + (long)o.CommittedFrom * o.Width;
        for (int j = 0; j < o.Committed; j++, value += o.Width)
        {
            var p = TLanes.Broadcast(o.Scores[j]);
            a0 = TLanes.Fma(p, TLanes.Load(value), a0);
            a1 = TLanes.Fma(p, TLanes.Load(value + 16), a1);
            a2 = TLanes.Fma(p, TLanes.Load(value + 32), a2);
            a3 = TLanes.Fma(p, TLanes.Load(value + 48), a3);
        }
        for (int j = 0; j < o.PathLength; j++)
        {
            var p = TLanes.Broadcast(o.Scores[o.Committed + j]);
            value = values + (long)o.Path[j] * o.Width;
            a0 = TLanes.Fma(p, TLanes.Load(value), a0);
            a1 = TLanes.Fma(p, TLanes.Load(value + 16), a1);
            a2 = TLanes.Fma(p, TLanes.Load(value + 32), a2);
            a3 = TLanes.Fma(p, TLanes.Load(value + 48), a3);
        }
        var factor = TLanes.Broadcast(inverse);
        TLanes.Store(o.Output + d, TLanes.Multiply(a0, factor));
        TLanes.Store(o.Output + d + 16, TLanes.Multiply(a1, factor));
        TLanes.Store(o.Output + d + 32, TLanes.Multiply(a2, factor));
        TLanes.Store(o.Output + d + 48, TLanes.Multiply(a3, factor));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine16(in AttentionOperands o, int d, float inverse)
    {
        var sum = TLanes.Zero;
        float* values = o.Values + d;
        float* value = values + (long)o.CommittedFrom * o.Width;
        for (int j = 0; j < o.Committed; j++, value += o.Width) sum = TLanes.Fma(TLanes.Broadcast(o.Scores[j]), TLanes.Load(value), sum);
        for (int j = 0; j < o.PathLength; j++)
        {
            var p = TLanes.Broadcast(o.Scores[o.Committed + j]);
            sum = TLanes.Fma(p, TLanes.Load(values + (long)o.Path[j] * o.Width), sum);
        }
        TLanes.Store(o.Output + d, TLanes.Multiply(sum, TLanes.Broadcast(inverse)));
    }
}
