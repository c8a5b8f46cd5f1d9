using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atlas.Protocol.Messages;

/// <summary>Numbers of four bytes as <c>bin</c>, little-endian whatever the machine is.</summary>
internal static class PackedNumbers
{
    /// <summary>Writes the numbers' bytes.</summary>
    public static void Write<T>(ref MessagePackWriter writer, ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        ReadOnlySpan<int> words = MemoryMarshal.Cast<T, int>(numbers);
        writer.WriteBinHeader(words.Length * sizeof(int));
        if (BitConverter.IsLittleEndian)
        {
            writer.WriteRaw(MemoryMarshal.AsBytes(words));
            return;
        }
        foreach (int word in words)
        {
            BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), word);
            writer.Advance(sizeof(int));
        }
    }

    /// <summary>How many numbers the bytes are; a rest is refused.</summary>
    public static int CountOf(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length % sizeof(int) != 0)
            throw new MessagePackSerializationException($"bin of {bytes.Length} bytes; expected a multiple of 4");
        return (int)(bytes.Length / sizeof(int));
    }

    /// <summary>Copies the bytes into as many numbers.</summary>
    public static void Read<T>(in ReadOnlySequence<byte> bytes, Span<T> numbers)
        where T : unmanaged
    {
        Span<int> words = MemoryMarshal.Cast<T, int>(numbers);
        bytes.CopyTo(MemoryMarshal.AsBytes(words));
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, words);
    }
}
