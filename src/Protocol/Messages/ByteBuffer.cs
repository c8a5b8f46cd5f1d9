using System.Buffers;

namespace Atlas.Protocol.Messages;

/// <summary>Bytes that keep their memory from message to message; <c>bin</c> on the wire. Not thread-safe.</summary>
public sealed class ByteBuffer
{
    private byte[] _items = [];

    /// <summary>Bytes held.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes, valid until the buffer changes.</summary>
    public ReadOnlySpan<byte> Span => _items.AsSpan(0, Count);

    /// <summary>Drops all bytes and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Replaces all bytes.</summary>
    public void Set(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Replace(bytes.Length));

    /// <summary>Replaces all bytes by as many that are not initialised, to be filled by the caller.</summary>
    public Span<byte> Replace(int count)
    {
        if (count > _items.Length) _items = new byte[Math.Max(count, Math.Max(_items.Length * 2, 64))];
        Count = count;
        return _items.AsSpan(0, count);
    }

    /// <summary>Writes <c>bin</c>.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteBinHeader(Count);
        writer.WriteRaw(Span);
    }

    /// <summary>Replaces all bytes by the <c>bin</c> that comes next.</summary>
    public void Read(ref MessagePackReader reader)
    {
        Clear();
        if (reader.ReadBytes() is { } bytes) bytes.CopyTo(Replace((int)bytes.Length));
    }
}
