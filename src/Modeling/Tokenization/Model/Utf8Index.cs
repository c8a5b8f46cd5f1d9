using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Atlas.Modeling.Tokenization.Model;

/// <summary>
/// Ids by the UTF-8 of their tokens, and the other way round: an open-addressing hash table over one buffer of bytes, because a string per
/// token would make loading a large vocabulary slow. Filled by one thread, then read by any. What runs once per token of a file asks to be
/// optimized at once: loading is over before the runtime would find out that it is worth it.
/// </summary>
internal sealed class Utf8Index
{
    private byte[] _buffer = new byte[1 << 12];
    private int _used;
    private int[] _slots = NewSlots(1 << 9);
    private int[] _starts = new int[1 << 8];
    private int[] _ids = new int[1 << 8];

    /// <summary>Number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>Number of bytes of all tokens.</summary>
    public int TotalLength => _used;

    /// <summary>Adds a token; false, changing nothing, when it is there already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryAdd(ReadOnlySpan<byte> token, int id)
    {
        if ((Count + 1) * 2 > _slots.Length) Grow();
        var slot = FindSlot(token);
        if (_slots[slot] >= 0) return false;
        if (Count + 1 == _starts.Length)
        {
            Array.Resize(ref _starts, _starts.Length * 2);
            Array.Resize(ref _ids, _ids.Length * 2);
        }

        if (_used + token.Length > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + token.Length));
        token.CopyTo(_buffer.AsSpan(_used));
        _used += token.Length;
        _slots[slot] = Count;
        _ids[Count++] = id;
        _starts[Count] = _used;
        return true;
    }

    /// <summary>The id of a token; -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<byte> token)
    {
        var entry = _slots[FindSlot(token)];
        return entry < 0 ? -1 : _ids[entry];
    }

    /// <summary>The token that was added as number <paramref name="entry"/> (0 to <see cref="Count"/> less one).</summary>
    public ReadOnlySpan<byte> Token(int entry) => _buffer.AsSpan(_starts[entry].._starts[entry + 1]);

    /// <summary>The id of the token that was added as number <paramref name="entry"/>.</summary>
    public int Id(int entry) => _ids[entry];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindSlot(ReadOnlySpan<byte> token)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)Hash(token) & mask; ; slot = (slot + 1) & mask)
        {
            var entry = _slots[slot];
            if (entry < 0 || Token(entry).SequenceEqual(token)) return slot;
        }
    }

    private void Grow()
    {
        _slots = NewSlots(_slots.Length * 2);
        for (var entry = 0; entry < Count; entry++) _slots[FindSlot(Token(entry))] = entry;
    }

    private static int[] NewSlots(int count)
    {
        var slots = new int[count];
        Array.Fill(slots, -1);
        return slots;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong multiplier = 0x9E3779B97F4A7C15;
        var hash = (ulong)bytes.Length * multiplier;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), multiplier);
        ulong rest = 0;
        foreach (var value in bytes) rest = (rest << 8) | value;
        return (uint)(Mix(hash ^ rest, multiplier) >> 32);
    }

    private static ulong Mix(ulong value, ulong multiplier)
    {
        value *= multiplier;
        return value ^ (value >> 29);
    }
}
