using System.Runtime.CompilerServices;

namespace Atlas.Modeling.Tokenization.Unicode;

/// <summary>One byte for each of the 0x110000 code points, kept in pages of 256 of which equal ones are stored once.</summary>
internal sealed class CharacterTable
{
    /// <summary>The character classes of <see cref="UnicodeData"/> in one table, so that a scanner looks a code point up once.</summary>
    public static readonly CharacterTable Flags = BuildFlags();

    private const int PageSize = 256;
    private const int CodePoints = 0x110000;

    private readonly ushort[] _pageOf = new ushort[CodePoints / PageSize];
    private readonly byte[] _pages;

    /// <summary>Packs <paramref name="values"/>, one per code point.</summary>
    public CharacterTable(ReadOnlySpan<byte> values)
    {
        var pages = new List<byte[]>();
        var known = new Dictionary<string, ushort>();
        var previous = ReadOnlySpan<byte>.Empty;
        for (var page = 0; page < _pageOf.Length; page++)
        {
            var content = values.Slice(page * PageSize, PageSize);
            if (page > 0 && content.SequenceEqual(previous))
            {
                _pageOf[page] = _pageOf[page - 1];
                continue;
            }

            previous = content;
            var key = Convert.ToBase64String(content);
            if (!known.TryGetValue(key, out var index))
            {
                index = (ushort)pages.Count;
                known.Add(key, index);
                pages.Add(content.ToArray());
            }

            _pageOf[page] = index;
        }

        _pages = [.. pages.SelectMany(page => page)];
    }

    /// <summary>The value of <paramref name="codePoint"/>, which must lie in 0 to 0x10FFFF.</summary>
    public byte this[int codePoint] => _pages[(_pageOf[codePoint >> 8] << 8) | (codePoint & 0xFF)];

    private static CharacterTable BuildFlags()
    {
        var values = new byte[CodePoints];
        Mark(values, UnicodeData.Letter, CharacterFlags.Letter);
        Mark(values, UnicodeData.Number, CharacterFlags.Number);
        Mark(values, UnicodeData.Space, CharacterFlags.Space);
        Mark(values, UnicodeData.Numeric, CharacterFlags.Numeric);
        Mark(values, UnicodeData.Word, CharacterFlags.Word);
        foreach (var codePoint in NfcTables.Unsettled()) values[codePoint] |= (byte)CharacterFlags.NfcMaybe;
        return new CharacterTable(values);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mark(Span<byte> values, ReadOnlySpan<int> ranges, CharacterFlags flag)
    {
        for (var i = 0; i < ranges.Length; i += 2)
            foreach (ref var value in values[ranges[i]..(ranges[i + 1] + 1)]) value |= (byte)flag;
    }
}
