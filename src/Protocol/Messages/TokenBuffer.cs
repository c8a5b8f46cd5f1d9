using System.Buffers;

namespace Atlas.Protocol.Messages;

/// <summary>
/// Token ids that keep their memory from message to message. On the wire an array of integers, or <c>bin</c> of little-endian int32;
/// both are read, <see cref="Write"/> chooses. Not thread-safe.
/// </summary>
public sealed class TokenBuffer
{
    private int[] _items = [];

    /// <summary>Tokens held.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens, valid until the buffer changes.</summary>
    public ReadOnlySpan<int> Span => _items.AsSpan(0, Count);

    /// <summary>Token at an index below <see cref="Count"/>.</summary>
    public int this[int index] => Span[index];

    /// <summary>Drops all tokens and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends one token.</summary>
    public void Add(int token) => Extend(1)[0] = token;

    /// <summary>Appends tokens.</summary>
    public void Add(scoped ReadOnlySpan<int> tokens) => tokens.CopyTo(Extend(tokens.Length));

    /// <summary>Replaces all tokens.</summary>
    public void Set(scoped ReadOnlySpan<int> tokens)
    {
        Clear();
        Add(tokens);
    }

    /// <summary>Appends places that are not initialised, to be filled by the caller.</summary>
    public Span<int> Extend(int count)
    {
        int needed = checked(Count + count);
        if (needed > _items.Length) Array.Resize(ref _items, Math.Max(needed, Math.Max(_items.Length * 2, 16)));
        Count = needed;
        return _items.AsSpan(needed - count, count);
    }

    /// <summary>Writes an array of integers, or <c>bin</c> of four bytes each where <paramref name="packed"/>.</summary>
    public void Write(ref MessagePackWriter writer, bool packed = false)
    {
        if (packed)
        {
            PackedNumbers.Write<int>(ref writer, Span);
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
        Clear();
        if (reader.NextMessagePackType == MessagePackType.Binary)
        {
            ReadOnlySequence<byte> bytes = reader.ReadBytes()!.Value;
            PackedNumbers.Read(bytes, Extend(PackedNumbers.CountOf(bytes)));
        }
        else
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
