using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atlas.Core.Numerics;

/// <summary>
/// Exponentials for softmax, by one polynomial whether a value falls into a vector or into the remainder: a value's exponential does not
/// depend on its place in the span.
/// </summary>
public static class VectorMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float Lowest = -87.3f;
    private const int SumBlock = 512;

    /// <summary>The largest value; negative infinity when there is none. NaN is passed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(ReadOnlySpan<float> values)
    {
        float best = float.NegativeInfinity;
        int i = 0, width = Vector<float>.Count;
        if (values.Length >= width)
        {
            var top = new Vector<float>(float.NegativeInfinity);
            for (; i <= values.Length - width; i += width)
            {
                var v = new Vector<float>(values.Slice(i, width));
                top = Vector.ConditionalSelect(Vector.GreaterThan(v, top), v, top);
            }
            for (int lane = 0; lane < width; lane++)
                if (top[lane] > best)
                    best = top[lane];
        }
        for (; i < values.Length; i++)
            if (values[i] > best)
                best = values[i];
        return best;
    }

    /// <summary>Copies the values, negative infinity in place of NaN: a broken logit is one that cannot be drawn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyNumbers(ReadOnlySpan<float> source, Span<float> destination)
    {
        int i = 0, width = Vector<float>.Count;
        var lowest = new Vector<float>(float.NegativeInfinity);
        for (; i <= source.Length - width; i += width)
        {
            var v = new Vector<float>(source.Slice(i, width));
            Vector.ConditionalSelect(Vector.Equals(v, v), v, lowest).CopyTo(destination.Slice(i, width));
        }
        for (; i < source.Length; i++) destination[i] = float.IsNaN(source[i]) ? float.NegativeInfinity : source[i];
    }

    /// <summary>Multiplies each value by <paramref name="factor"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<float> values, float factor)
    {
        int i = 0, width = Vector<float>.Count;
        for (; i <= values.Length - width; i += width)
        {
            var slice = values.Slice(i, width);
            (new Vector<float>(slice) * factor).CopyTo(slice);
        }
        for (; i < values.Length; i++) values[i] *= factor;
    }

    /// <summary>
    /// Sum of exp(value - <paramref name="shift"/>); shift by the maximum so that nothing overflows. Added up in blocks, whose sums meet in
    /// f64: beside a value near 1, f32 would lose a long tail of small ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumExp(ReadOnlySpan<float> values, float shift)
    {
        double sum = 0;
        int i = 0, width = Vector<float>.Count;
        var offset = new Vector<float>(shift);
        while (i <= values.Length - width)
        {
            var block = Vector<float>.Zero;
            int end = Math.Min(i + SumBlock, values.Length - width + 1);
            for (; i < end; i += width) block += Exp(new Vector<float>(values.Slice(i, width)) - offset);
            for (int lane = 0; lane < width; lane++) sum += block[lane];
        }
        for (; i < values.Length; i++) sum += Exp(values[i] - shift);
        return (float)sum;
    }

    /// <summary>Replaces each value by exp(value - <paramref name="shift"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ExpInPlace(Span<float> values, float shift)
    {
        int i = 0, width = Vector<float>.Count;
        var offset = new Vector<float>(shift);
        for (; i <= values.Length - width; i += width)
        {
            var slice = values.Slice(i, width);
            Exp(new Vector<float>(slice) - offset).CopyTo(slice);
        }
        for (; i < values.Length; i++) values[i] = Exp(values[i] - shift);
    }

    /// <summary>exp(x) for x up to 88, 0 below -87.3; relative error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x)
    {
        if (!(x >= Lowest)) return float.IsNaN(x) ? x : 0f;
        float n = MathF.Floor(MathF.FusedMultiplyAdd(x, Log2E, 0.5f));
        float r = MathF.FusedMultiplyAdd(n, -Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);
        float p = 1.9875691500e-4f;
        p = MathF.FusedMultiplyAdd(p, r, 1.3981999507e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 8.3334519073e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 4.1665795894e-2f);
        p = MathF.FusedMultiplyAdd(p, r, 1.6666665459e-1f);
        p = MathF.FusedMultiplyAdd(p, r, 5.0000001201e-1f);
        p = MathF.FusedMultiplyAdd(p, r * r, r) + 1f;
        return p * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    /// <summary>The same for a vector, each lane equal to the scalar form to the bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        var keep = Vector.GreaterThanOrEqual(x, new Vector<float>(Lowest));
        var n = Vector.Floor(Vector.FusedMultiplyAdd(x, new Vector<float>(Log2E), new Vector<float>(0.5f)));
        var r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), x);
        r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), r);
        var p = new Vector<float>(1.9875691500e-4f);
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(1.3981999507e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(8.3334519073e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(4.1665795894e-2f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(1.6666665459e-1f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(5.0000001201e-1f));
        p = Vector.FusedMultiplyAdd(p, r * r, r) + Vector<float>.One;
        var scale = Vector.AsVectorSingle((Vector.ConvertToInt32(n) + new Vector<int>(127)) << 23);
        var result = Vector.ConditionalSelect(keep, p * scale, Vector<float>.Zero);
        return Vector.ConditionalSelect(Vector.Equals(x, x), result, x);
    }
}
