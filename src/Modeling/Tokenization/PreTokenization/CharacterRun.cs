using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>Runs of characters of one class, the parts that the pre-tokenizer patterns are made of.</summary>
internal static class CharacterRun
{
    private const CharacterFlags Named = CharacterFlags.Letter | CharacterFlags.Number | CharacterFlags.Space;

    /// <summary>Whether a character is of <c>[^\s\p{L}\p{N}]</c>.</summary>
    public static bool IsOther(CharacterFlags flags) => (flags & Named) == 0;

    /// <summary>The end of the run of characters from <paramref name="start"/> that have <paramref name="flag"/>, at most so many.</summary>
    public static int Of(CharacterFlags flag, ReadOnlySpan<char> text, int start, int most = int.MaxValue)
    {
        var end = start;
        for (var count = 0; count < most && end < text.Length; count++)
        {
            if ((CodePoint.FlagsAt(text, end, out var length) & flag) == 0) break;
            end += length;
        }

        return end;
    }

    /// <summary>The end of the run of <c>[^\s\p{L}\p{N}]</c> from <paramref name="start"/>.</summary>
    public static int OfOther(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && IsOther(CodePoint.FlagsAt(text, end, out var length))) end += length;
        return end;
    }

    /// <summary>
    /// The end of <c>\s+(?!\S)|\s+</c> at <paramref name="start"/>, where a run of white space ends at <paramref name="runEnd"/>: the whole
    /// run at the end of the text, else all but its last character (which goes with what follows), but at least one. White space is never
    /// outside the basic plane, so one character is one char.
    /// </summary>
    public static int SpaceEnd(ReadOnlySpan<char> text, int start, int runEnd) =>
        runEnd == text.Length || runEnd == start + 1 ? runEnd : runEnd - 1;
}
