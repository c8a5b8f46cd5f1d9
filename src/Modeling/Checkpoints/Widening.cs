using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atlas.Modeling.Checkpoints;

/// <summary>Stored elements to f32, at any alignment: exact for every value (a NaN stays a NaN of the same sign and payload bits).</summary>
internal static class Widening
{
    /// <summary>Bytes per element.</summary>
    public static int Size(WeightType type) => type == WeightType.F32 ? 4 : 2;

    /// <summary>Widens as many little-endian elements as <paramref name="destination"/> holds.</summary>
    public static void ToSingle(WeightType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (source.Length != (long)destination.Length * Size(type)) throw new ArgumentException("source and destination differ in length");
        switch (type)
        {
            case WeightType.F32: source.CopyTo(MemoryMarshal.AsBytes(destination)); break;
            case WeightType.BF16: FromBFloat16(source, destination); break;
            default: FromHalf(source, destination); break;
        }
    }

    private static void FromBFloat16(ReadOnlySpan<byte> source, Span<float> destination)
    {
        ref ushort from = ref Unsafe.As<byte, ushort>(ref MemoryMarshal.GetReference(source));
        ref uint to = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(destination));
        int i = 0;
        for (; i <= destination.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            (low << 16).StoreUnsafe(ref to, (nuint)i);
            (high << 16).StoreUnsafe(ref to, (nuint)(i + Vector256<uint>.Count));
        }
        for (; i < destination.Length; i++) Unsafe.Add(ref to, i) = (uint)Element(source, i) << 16;
    }

    private static void FromHalf(ReadOnlySpan<byte> source, Span<float> destination)
    {
        ref ushort from = ref Unsafe.As<byte, ushort>(ref MemoryMarshal.GetReference(source));
        ref uint to = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(destination));
        int i = 0;
        for (; i <= destination.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            FromHalf(low).StoreUnsafe(ref to, (nuint)i);
            FromHalf(high).StoreUnsafe(ref to, (nuint)(i + Vector256<uint>.Count));
        }
        for (; i < destination.Length; i++)
            Unsafe.Add(ref to, i) = FromHalf(Vector256.Create((uint)Element(source, i)))[0];
    }

    // Exponent and mantissa move into place; multiplying by 2^112 corrects the exponent's bias and normalises subnormals, exactly.
    private static Vector256<uint> FromHalf(Vector256<uint> half)
    {
        Vector256<uint> magnitude = (half & Vector256.Create(0x7fffu)) << 13;
        Vector256<uint> scaled = (magnitude.AsSingle() * Vector256.Create(0x7780_0000u).AsSingle()).AsUInt32();
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7c00u << 13));
        Vector256<uint> result = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(0x7f80_0000u), scaled);
        return result | ((half & Vector256.Create(0x8000u)) << 16);
    }

    private static ushort Element(ReadOnlySpan<byte> source, int i) => MemoryMarshal.Read<ushort>(source[(2 * i)..]);
}
