using System.Buffers;
using System.Text;

namespace Atlas.Protocol.Rpc;

/// <summary>Finds the string of a UTF-8 name among a few known ones without allocating. Immutable.</summary>
internal sealed class NameTable
{
    private const int LongestName = 64;

    private readonly (byte[] Utf8, int Index)[][] _byLength;
    private readonly string[] _names;

    /// <summary>A table of distinct names of 1 to 64 bytes.</summary>
    public NameTable(params IEnumerable<string> names)
    {
        _names = [.. names];
        var entries = _names.Select((name, index) => (Utf8: Encoding.UTF8.GetBytes(name), Index: index)).ToList();
        int longest = entries.Max(e => e.Utf8.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longest, LongestName);
        _byLength = [.. Enumerable.Range(0, longest + 1).Select(length => entries.Where(e => e.Utf8.Length == length).ToArray())];
    }

    /// <summary>The names, in the order given.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>Index of a name, or -1.</summary>
    public int IndexOf(scoped ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length >= _byLength.Length) return -1;
        foreach (var (known, index) in _byLength[utf8.Length])
        {
            if (utf8.SequenceEqual(known)) return index;
        }
        return -1;
    }

    /// <summary>Reads the next value, which may be of any type, and returns its index, or -1 where it is none of the names.</summary>
    public int Read(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.String)
        {
            reader.Skip();
            return -1;
        }
        if (reader.TryReadStringSpan(out ReadOnlySpan<byte> span)) return IndexOf(span);
        var pieces = reader.ReadStringSequence()!.Value;
        if (pieces.Length > LongestName) return -1;
        Span<byte> joined = stackalloc byte[LongestName];
        pieces.CopyTo(joined);
        return IndexOf(joined[..(int)pieces.Length]);
    }
}
