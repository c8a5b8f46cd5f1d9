using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Sixteen plain floats, for machines without vector instructions and as the reference of the others.</summary>
[InlineArray(Count)]
internal unsafe struct LanesScalar : ILanes<LanesScalar>
{
    private const int Count = 16;

    private float _first;

    /// <inheritdoc/>
    public static int TilePanels => 1;

    /// <inheritdoc/>
    public static LanesScalar Zero => default;

    /// <inheritdoc/>
    public static LanesScalar Broadcast(float value)
    {
        LanesScalar result = default;
        for (int i = 0; i < Count; i++) result[i] = value;
        return result;
    }

    /// <inheritdoc/>
    public static LanesScalar Load(float* source)
    {
        LanesScalar result = default;
        for (int i = 0; i < Count; i++) result[i] = source[i];
        return result;
    }

    /// <inheritdoc/>
    public static void Store(float* destination, LanesScalar value)
    {
        for (int i = 0; i < Count; i++) destination[i] = value[i];
    }

    /// <inheritdoc/>
    public static LanesScalar LoadBf16Even(ushort* source)
    {
        LanesScalar result = default;
        for (int i = 0; i < Count; i++) result[i] = BitConverter.UInt32BitsToSingle((uint)source[2 * i] << 16);
        return result;
    }

    /// <inheritdoc/>
    public static LanesScalar LoadBf16Odd(ushort* source) => LoadBf16Even(source + 1);

    /// <inheritdoc/>
    public static LanesScalar Add(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < Count; i++) a[i] += b[i];
        return a;
    }

    /// <inheritdoc/>
    public static LanesScalar Subtract(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < Count; i++) a[i] -= b[i];
        return a;
    }

    /// <inheritdoc/>
    public static LanesScalar Multiply(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < Count; i++) a[i] *= b[i];
        return a;
    }

    /// <inheritdoc/>
    public static LanesScalar Divide(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < Count; i++) a[i] /= b[i];
        return a;
    }

    /// <inheritdoc/>
    public static LanesScalar Fma(LanesScalar a, LanesScalar b, LanesScalar c)
    {
        for (int i = 0; i < Count; i++) c[i] = MathF.FusedMultiplyAdd(a[i], b[i], c[i]);
        return c;
    }

    /// <inheritdoc/>
    public static LanesScalar Max(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < Count; i++) a[i] = Math.Max(a[i], b[i]);
        return a;
    }

    /// <inheritdoc/>
    public static LanesScalar Min(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < Count; i++) a[i] = Math.Min(a[i], b[i]);
        return a;
    }

    /// <inheritdoc/>
    public static LanesScalar AddExponent(LanesScalar value, LanesScalar shifter)
    {
        for (int i = 0; i < Count; i++)
        {
            int bits = BitConverter.SingleToInt32Bits(value[i]) + (BitConverter.SingleToInt32Bits(shifter[i]) << 23);
            value[i] = BitConverter.Int32BitsToSingle(bits);
        }
        return value;
    }

    /// <inheritdoc/>
    public static float Sum(LanesScalar value)
    {
        for (int half = Count / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                value[i] += value[i + half];
        return value[0];
    }

    /// <inheritdoc/>
    public static float Max(LanesScalar value)
    {
        float max = value[0];
        for (int i = 1; i < Count; i++) max = Math.Max(max, value[i]);
        return max;
    }
}
