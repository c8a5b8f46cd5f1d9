using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atlas.Modeling.Checkpoints;

/// <summary>f32 to stored elements.</summary>
internal static class Narrowing
{
    /// <summary>
    /// Rounds to bfloat16, ties to even; beyond the largest to infinity. A NaN stays a NaN (quiet, with its upper payload bits).
    /// </summary>
    public static void ToBFloat16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        if (source.Length != destination.Length) throw new ArgumentException("source and destination differ in length");
        ref uint from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<float, uint>(source));
        ref ushort to = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<uint> low = Round(Vector256.LoadUnsafe(ref from, (nuint)i));
            Vector256<uint> high = Round(Vector256.LoadUnsafe(ref from, (nuint)(i + Vector256<uint>.Count)));
            Vector256.Narrow(low, high).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < source.Length; i++)
            destination[i] = (ushort)Round(Vector256.Create(BitConverter.SingleToUInt32Bits(source[i])))[0];
    }

    private static Vector256<uint> Round(Vector256<uint> bits)
    {
        Vector256<uint> rounded = (bits + Vector256.Create(0x7fffu) + ((bits >>> 16) & Vector256<uint>.One)) >>> 16;
        Vector256<uint> nan = Vector256.GreaterThan(bits & Vector256.Create(0x7fff_ffffu), Vector256.Create(0x7f80_0000u));
        return Vector256.ConditionalSelect(nan, (bits >>> 16) | Vector256.Create(0x40u), rounded);
    }
}
