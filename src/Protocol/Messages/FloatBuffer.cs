using System.Buffers;

namespace Atlas.Protocol.Messages;

/// <summary>
/// Numbers of single precision that keep their memory from message to message. On the wire an array of numbers, or <c>bin</c> of
/// little-endian IEEE 754 singles; both are read, <see cref="Write"/> chooses. Not thread-safe.
/// </summary>
public sealed class FloatBuffer
{
    private float[] _items = [];

    /// <summary>Numbers held.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers, valid until the buffer changes.</summary>
    public ReadOnlySpan<float> Span => _items.AsSpan(0, Count);

    /// <summary>Number at an index below <see cref="Count"/>.</summary>
    public float this[int index] => Span[index];

    /// <summary>Drops all numbers and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends one number.</summary>
    public void Add(float number) => Extend(1)[0] = number;

    /// <summary>Replaces all numbers.</summary>
    public void Set(scoped ReadOnlySpan<float> numbers)
    {
        Clear();
        numbers.CopyTo(Extend(numbers.Length));
    }

    /// <summary>Appends places that are not initialised, to be filled by the caller.</summary>
    public Span<float> Extend(int count)
    {
        int needed = checked(Count + count);
        if (needed > _items.Length) Array.Resize(ref _items, Math.Max(needed, Math.Max(_items.Length * 2, 16)));
        Count = needed;
        return _items.AsSpan(needed - count, count);
    }

    /// <summary>Writes an array of float 32, or <c>bin</c> of four bytes each where <paramref name="packed"/>.</summary>
    public void Write(ref MessagePackWriter writer, bool packed = false)
    {
        if (packed)
        {
            PackedNumbers.Write<float>(ref writer, Span);
            return;
        }
        writer.WriteArrayHeader(Count);
        foreach (float number in Span) writer.Write(number);
    }

    /// <summary>Replaces all numbers by those that come next, of any number format.</summary>
    /// <exception cref="MessagePackSerializationException">The value is no array of numbers.</exception>
    public void Read(ref MessagePackReader reader)
    {
        Clear();
        if (reader.NextMessagePackType == MessagePackType.Binary)
        {
            ReadOnlySequence<byte> bytes = reader.ReadBytes()!.Value;
            PackedNumbers.Read(bytes, Extend(PackedNumbers.CountOf(bytes)));
            return;
        }
        Span<float> items = Extend(reader.ReadArrayHeader());
        for (int i = 0; i < items.Length; i++) items[i] = reader.ReadSingle();
    }
}
