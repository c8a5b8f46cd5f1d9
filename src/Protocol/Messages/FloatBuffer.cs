namespace Atlas.Protocol.Messages;

/// <summary>
/// Numbers of single precision that keep their memory from message to message. On the wire an array of numbers, or <c>bin</c> of
/// little-endian IEEE 754 singles; both are read, <see cref="Write"/> chooses. Not thread-safe.
/// </summary>
public sealed class FloatBuffer : NumberBuffer<float>
{
    /// <summary>Writes an array of float 32, or <c>bin</c> of four bytes each where <paramref name="packed"/>.</summary>
    public void Write(ref MessagePackWriter writer, bool packed = false)
    {
        if (packed)
        {
            PackedNumbers.Write(ref writer, Span);
            return;
        }
        writer.WriteArrayHeader(Count);
        foreach (float number in Span) writer.Write(number);
    }

    /// <summary>Replaces all numbers by those that come next, of any number format.</summary>
    /// <exception cref="MessagePackSerializationException">The value is no array of numbers.</exception>
    public void Read(ref MessagePackReader reader)
    {
        if (TryReadPacked(ref reader)) return;
        Span<float> items = Extend(reader.ReadArrayHeader());
        for (int i = 0; i < items.Length; i++) items[i] = reader.ReadSingle();
    }
}
