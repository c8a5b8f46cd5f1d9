using System.Buffers;

namespace Atlas.Protocol.Messages;

/// <summary>
/// Numbers of four bytes that keep their memory from message to message; what kind of number they are on the wire, the derived classes say.
/// Not thread-safe.
/// </summary>
/// <typeparam name="T">A number of four bytes.</typeparam>
public abstract class NumberBuffer<T>
    where T : unmanaged
{
    private T[] _items = [];

    private protected NumberBuffer() { }

    /// <summary>Numbers held.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers, valid until the buffer changes.</summary>
    public ReadOnlySpan<T> Span => _items.AsSpan(0, Count);

    /// <summary>Number at an index below <see cref="Count"/>.</summary>
    public T this[int index] => Span[index];

    /// <summary>Drops all numbers and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends one number.</summary>
    public void Add(T number) => Extend(1)[0] = number;

    /// <summary>Appends numbers.</summary>
    public void Add(scoped ReadOnlySpan<T> numbers) => numbers.CopyTo(Extend(numbers.Length));

    /// <summary>Replaces all numbers.</summary>
    public void Set(scoped ReadOnlySpan<T> numbers)
    {
        Clear();
        Add(numbers);
    }

    /// <summary>Appends places that are not initialised, to be filled by the caller.</summary>
    public Span<T> Extend(int count)
    {
        int needed = checked(Count + count);
        if (needed > _items.Length) Array.Resize(ref _items, Math.Max(needed, Math.Max(_items.Length * 2, 16)));
        Count = needed;
        return _items.AsSpan(needed - count, count);
    }

    /// <summary>Replaces all numbers by those of a <c>bin</c>, where that comes next.</summary>
    /// <returns>Whether it does; otherwise the buffer is empty and nothing was read.</returns>
    private protected bool TryReadPacked(ref MessagePackReader reader)
    {
        Clear();
        if (reader.NextMessagePackType != MessagePackType.Binary) return false;
        ReadOnlySequence<byte> bytes = reader.ReadBytes()!.Value;
        PackedNumbers.Read(bytes, Extend(PackedNumbers.CountOf(bytes)));
        return true;
    }
}
