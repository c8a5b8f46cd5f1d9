namespace Atlas.Protocol.Messages;

/// <summary>
/// Token ids that keep their memory from message to message. On the wire an array of integers, or <c>bin</c> of little-endian int32;
/// both are read, <see cref="Write"/> chooses. Not thread-safe.
/// </summary>
public sealed class TokenBuffer : NumberBuffer<int>
{
    /// <summary>Writes an array of integers, or <c>bin</c> of four bytes each where <paramref name="packed"/>.</summary>
    public void Write(ref MessagePackWriter writer, bool packed = false)
    {
        if (packed)
        {
            PackedNumbers.Write(ref writer, Span);
            return;
        }
        writer.WriteArrayHeader(Count);
        foreach (int token in Span) writer.Write(token);
    }

    /// <summary>
    /// Replaces all tokens by those that come next. Negative ones are refused, except -1 where <paramref name="root"/> allows it.
    /// </summary>
    /// <exception cref="MessagePackSerializationException">The value is no token array.</exception>
    public void Read(ref MessagePackReader reader, bool root = false)
    {
        if (!TryReadPacked(ref reader))
        {
            Span<int> items = Extend(reader.ReadArrayHeader());
            for (int i = 0; i < items.Length; i++) items[i] = reader.ReadInt32();
        }
        int lowest = root ? -1 : 0;
        foreach (int token in Span)
        {
            if (token < lowest) throw new MessagePackSerializationException($"holds {token}; expected {lowest} or more");
        }
    }
}
