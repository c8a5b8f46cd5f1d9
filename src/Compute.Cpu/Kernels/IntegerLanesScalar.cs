using System.Runtime.CompilerServices;

namespace Atlas.Compute.Cpu.Kernels;

/// <summary>Sixteen plain integers, for machines without vector instructions and as the reference of the others.</summary>
[InlineArray(Count)]
internal unsafe struct IntegerLanesScalar : IIntegerLanes<IntegerLanesScalar, LanesScalar>
{
    private const int Count = 16;

    private int _first;

    /// <inheritdoc/>
    public static IntegerLanesScalar Zero => default;

    /// <inheritdoc/>
    public static IntegerLanesScalar LoadPairs(byte* source)
    {
        IntegerLanesScalar result = default;
        for (int i = 0; i < Count; i++) result[i] = ((sbyte*)source)[2 * i] & 0xffff | ((sbyte*)source)[2 * i + 1] << 16;
        return result;
    }

    /// <inheritdoc/>
    public static IntegerLanesScalar BroadcastPair(short* source)
    {
        IntegerLanesScalar result = default;
        for (int i = 0; i < Count; i++) result[i] = *(int*)source;
        return result;
    }

    /// <inheritdoc/>
    public static IntegerLanesScalar MultiplyAddPairs(IntegerLanesScalar a, IntegerLanesScalar b, IntegerLanesScalar sum)
    {
        for (int i = 0; i < Count; i++) sum[i] += (short)a[i] * (short)b[i] + (a[i] >> 16) * (b[i] >> 16);
        return sum;
    }

    /// <inheritdoc/>
    public static LanesScalar ToFloats(IntegerLanesScalar value)
    {
        float* lanes = stackalloc float[Count];
        for (int i = 0; i < Count; i++) lanes[i] = value[i];
        return LanesScalar.Load(lanes);
    }
}
