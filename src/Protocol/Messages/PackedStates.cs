using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atlas.Protocol.Messages;

/// <summary>Hidden states as bytes: numbers of a <see cref="HiddenType"/>, little-endian, without gaps.</summary>
internal static class PackedStates
{
    /// <summary>Writes numbers, rounded to the nearest of the layout.</summary>
    public static void Write(HiddenType type, ReadOnlySpan<float> numbers, Span<byte> bytes)
    {
        switch (type)
        {
            case HiddenType.F32 when BitConverter.IsLittleEndian:
                MemoryMarshal.AsBytes(numbers).CopyTo(bytes);
                break;
            case HiddenType.F32:
                for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], numbers[i]);
                break;
            case HiddenType.F16:
                for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)numbers[i]);
                break;
            default:
                for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], UpperHalf(numbers[i]));
                break;
        }
    }

    /// <summary>Reads as many numbers as there are places.</summary>
    public static void Read(HiddenType type, ReadOnlySpan<byte> bytes, Span<float> numbers)
    {
        switch (type)
        {
            case HiddenType.F32 when BitConverter.IsLittleEndian:
                bytes.CopyTo(MemoryMarshal.AsBytes(numbers));
                break;
            case HiddenType.F32:
                for (int i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case HiddenType.F16:
                for (int i = 0; i < numbers.Length; i++) numbers[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            default:
                for (int i = 0; i < numbers.Length; i++)
                    numbers[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
        }
    }

    // Ties to even; what is no number stays none.
    private static ushort UpperHalf(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        return float.IsNaN(number) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
