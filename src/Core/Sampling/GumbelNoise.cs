using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atlas.Core.Sampling;

/// <summary>
/// Counter-based Gumbel noise: a pure function of (seed, absolute position, full token id). A sampled token is the argmax of warped logits
/// plus this noise (the Gumbel-max trick), so target and draft models that add the same noise tend to pick the same token (Gumbel coupling,
/// arXiv 2408.07978), and verification is plain equality.
/// <para>
/// Every engine must reproduce it to the bit. It is therefore an integer hash followed by separately rounded binary32 additions,
/// multiplications and divisions in a fixed order: no fused multiply-add, no library logarithm.
/// </para>
/// </summary>
public static class GumbelNoise
{
    private const uint Mul1 = 0x7feb352d;
    private const uint Mul2 = 0x846ca68b;
    private const float TwoToMinus32 = 1f / 4294967296f;

    /// <summary>The two 32-bit words that key the noise of one position: all that a device kernel needs from the host.</summary>
    public static (uint First, uint Second) Key(ulong seed, long position)
    {
        ulong z = Mix64(seed + 0x9e3779b97f4a7c15UL);
        z = Mix64(z ^ Mix64((ulong)position + 0xd1b54a32d192ed03UL));
        return ((uint)z, (uint)(z >> 32));
    }

    /// <summary>The noise of one token under a key.</summary>
    public static float At((uint First, uint Second) key, int token) => FromBits(Hash(key.First, key.Second, (uint)token));

    /// <summary>Adds the noise of tokens 0 to n-1 to <paramref name="values"/>, each equal to <see cref="At"/> to the bit.</summary>
    public static void AddTo(Span<float> values, (uint First, uint Second) key)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int width = Vector<uint>.Count;
            var token = Vector<uint>.Indices;
            var stride = new Vector<uint>((uint)width);
            for (; i <= values.Length - width; i += width, token += stride)
            {
                var target = values.Slice(i, width);
                (new Vector<float>(target) + FromBits(Hash(key.First, key.Second, token))).CopyTo(target);
            }
        }
        for (; i < values.Length; i++) values[i] += At(key, i);
    }

    /// <summary>
    /// Adds the noise of the tokens <paramref name="ids"/> to <paramref name="values"/>, one each, equal to <see cref="At"/> to the bit: a hot
    /// vocabulary's part of the whole one's noise.
    /// </summary>
    public static void AddTo(Span<float> values, (uint First, uint Second) key, ReadOnlySpan<int> ids)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int width = Vector<uint>.Count;
            for (; i <= values.Length - width; i += width)
            {
                var target = values.Slice(i, width);
                var token = Vector.AsVectorUInt32(new Vector<int>(ids.Slice(i, width)));
                (new Vector<float>(target) + FromBits(Hash(key.First, key.Second, token))).CopyTo(target);
            }
        }
        for (; i < values.Length; i++) values[i] += At(key, ids[i]);
    }

    private static ulong Mix64(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9UL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebUL;
        return x ^ (x >> 31);
    }

    // Two rounds of a 32-bit xor-multiply mix with a key word before each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint first, uint second, uint token)
    {
        uint x = Round(token ^ first);
        return Round(x + second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(uint x)
    {
        x = (x ^ (x >> 16)) * Mul1;
        x = (x ^ (x >> 15)) * Mul2;
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Hash(uint first, uint second, Vector<uint> token)
    {
        var x = Round(token ^ new Vector<uint>(first));
        return Round(x + new Vector<uint>(second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Round(Vector<uint> x)
    {
        x = (x ^ (x >>> 16)) * new Vector<uint>(Mul1);
        x = (x ^ (x >>> 15)) * new Vector<uint>(Mul2);
        return x ^ (x >>> 16);
    }

    // Gumbel = -log(E), E = -log(1 - v) exponential, v uniform. v keeps 24 significant bits of the hash however small it is, so the upper
    // tail (large noise, which decides samples) is not cut off at the 24 bits a uniform near one would have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float FromBits(uint bits)
    {
        // The top 24 bits after the leading zeros would round to even in a plain conversion; halving keeps the conversion signed and exact
        // in meaning on every device: v = (bits/2 + 1/4) / 2^31.
        float v = ((int)(bits >> 1) + 0.25f) * (2f * TwoToMinus32);
        return -Log(-LogOneMinus(v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> FromBits(Vector<uint> bits)
    {
        var v = (Vector.ConvertToSingle(Vector.AsVectorInt32(bits >>> 1)) + new Vector<float>(0.25f)) * new Vector<float>(2f * TwoToMinus32);
        return -Log(-LogOneMinus(v));
    }

    // log(1 - v) for v in (0, 1]: directly as 2 atanh(-v / (2 - v)) where v is small, else by the logarithm of 1 - v (at least 2^-25).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LogOneMinus(float v)
    {
        if (v < 0.25f) return TwoAtanh(-v / (2f - v));
        return Log(Math.Max(1f - v, 2.98023224e-8f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LogOneMinus(Vector<float> v)
    {
        var small = TwoAtanh(-v / (new Vector<float>(2f) - v));
        var large = Log(Vector.Max(Vector<float>.One - v, new Vector<float>(2.98023224e-8f)));
        return Vector.ConditionalSelect(Vector.LessThan(v, new Vector<float>(0.25f)), small, large);
    }

    // log(x), x positive and normal: x = 2^e m with m in [sqrt(1/2), sqrt(2)), log m = 2 atanh((m-1)/(m+1)).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Log(float x)
    {
        int bits = BitConverter.SingleToInt32Bits(x) - 0x3f3504f3;
        int e = bits >> 23;
        float m = BitConverter.Int32BitsToSingle((bits & 0x007fffff) + 0x3f3504f3);
        return e * 0.693147182f + TwoAtanh((m - 1f) / (m + 1f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Log(Vector<float> x)
    {
        var offset = new Vector<int>(0x3f3504f3);
        var bits = Vector.AsVectorInt32(x) - offset;
        var e = Vector.ConvertToSingle(bits >> 23);
        var m = Vector.AsVectorSingle((bits & new Vector<int>(0x007fffff)) + offset);
        return e * new Vector<float>(0.693147182f) + TwoAtanh((m - Vector<float>.One) / (m + Vector<float>.One));
    }

    // 2 atanh(s) = 2s (1 + s^2/3 + s^4/5 + s^6/7 + s^8/9), |s| <= 0.1716: below a unit in the last place of binary32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float TwoAtanh(float s)
    {
        float z = s * s;
        float p = z * 0.111111112f;
        p = (p + 0.142857149f) * z;
        p = (p + 0.2f) * z;
        p = (p + 0.333333343f) * z;
        float t = s + s;
        return t + t * p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> TwoAtanh(Vector<float> s)
    {
        var z = s * s;
        var p = z * new Vector<float>(0.111111112f);
        p = (p + new Vector<float>(0.142857149f)) * z;
        p = (p + new Vector<float>(0.2f)) * z;
        p = (p + new Vector<float>(0.333333343f)) * z;
        var t = s + s;
        return t + t * p;
    }
}
