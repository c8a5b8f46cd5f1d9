using System.Runtime.CompilerServices;

namespace Atlas.Modeling.Tokenization.Unicode;

/// <summary>Reads code points out of well-formed UTF-16.</summary>
internal static class CodePoint
{
    /// <summary>The code point at <paramref name="index"/> and the number of chars it takes (1 or 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        var unit = text[index];
        if (char.IsHighSurrogate(unit) && index + 1 < text.Length)
        {
            length = 2;
            return char.ConvertToUtf32(unit, text[index + 1]);
        }

        length = 1;
        return unit;
    }

    /// <summary>The code point that ends just before <paramref name="end"/>, which must be above 0.</summary>
    public static int Before(ReadOnlySpan<char> text, int end)
    {
        var unit = text[end - 1];
        return char.IsLowSurrogate(unit) && end > 1 ? char.ConvertToUtf32(text[end - 2], unit) : unit;
    }

    /// <summary>The classes of the code point at <paramref name="index"/>; <paramref name="length"/> as in <see cref="At"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharacterFlags FlagsAt(ReadOnlySpan<char> text, int index, out int length) =>
        (CharacterFlags)CharacterTable.Flags[At(text, index, out length)];

    /// <summary>
    /// The text with every unpaired surrogate replaced by U+FFFD, which is how such a text reads once it has been through UTF-8. Returns the
    /// same characters without a copy when there is none.
    /// </summary>
    public static ReadOnlySpan<char> WellFormed(ReadOnlySpan<char> text)
    {
        var index = FirstUnpaired(text, 0);
        if (index < 0) return text;
        var copy = text.ToArray();
        for (; index >= 0; index = FirstUnpaired(copy, index + 1)) copy[index] = '\uFFFD';
        return copy;
    }

    private static int FirstUnpaired(ReadOnlySpan<char> text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            var next = text[i..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0) return -1;
            i += next;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }

        return -1;
    }
}
