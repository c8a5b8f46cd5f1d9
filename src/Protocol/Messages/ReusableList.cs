using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>Messages within a message, kept and reused from one to the next. Not thread-safe.</summary>
/// <param name="limit">Most elements that are read or added.</param>
public sealed class ReusableList<T>(int limit)
    where T : MapMessage, new()
{
    private readonly List<T> _items = [];

    /// <summary>Elements held.</summary>
    public int Count { get; private set; }

    /// <summary>Element at an index below <see cref="Count"/>.</summary>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _items[index];
        }
    }

    /// <summary>Drops all elements and keeps the objects.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends an element with its defaults.</summary>
    public T Add()
    {
        if (Count == limit) throw new InvalidOperationException($"the list holds {limit} elements, its limit");
        if (Count == _items.Count) _items.Add(new T());
        T item = _items[Count++];
        item.Clear();
        return item;
    }

    /// <summary>Writes an array.</summary>
    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        for (int i = 0; i < Count; i++) _items[i].Write(ref writer);
    }

    /// <summary>Replaces all elements by those that come next; faults are named with <paramref name="key"/> and their index.</summary>
    internal void Read(ref MessagePackReader reader, string key)
    {
        Clear();
        int count = reader.ReadArrayHeader();
        if (count > limit) throw new MessagePackSerializationException($"{count} elements; expected at most {limit}");
        for (int i = 0; i < count; i++)
        {
            try
            {
                Add().Read(ref reader);
            }
            catch (RpcException e)
            {
                throw e.Within($"{key}[{i}]");
            }
        }
    }
}
