using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>
/// The pattern of Llama 3, whose numbers are cut into groups of up to three digits, and of Qwen2 and Qwen3, whose digits stand alone: see
/// <see cref="Pattern"/>.
/// </summary>
internal sealed class Llama3Scanner(int mostDigits) : IPieceScanner
{
    /// <summary>Llama 3's scanner.</summary>
    public static readonly Llama3Scanner Llama3 = new(3);

    /// <summary>Qwen's scanner.</summary>
    public static readonly Llama3Scanner Qwen2 = new(1);

    /// <summary>The regular expression that a scanner with groups of up to so many digits (1 or more) computes.</summary>
    public static string Pattern(int mostDigits) =>
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + (mostDigits == 1 ? "" : $"{{1,{mostDigits}}}") +
        @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public int Next(ReadOnlySpan<char> text, int start)
    {
        var first = CodePoint.At(text, start, out var length);
        if (first == '\'' && ContractionLength(text[(start + 1)..]) is > 0 and var contraction) return start + 1 + contraction;
        var flags = (CharacterFlags)CharacterTable.Flags[first];
        if ((flags & CharacterFlags.Letter) != 0) return CharacterRun.Of(CharacterFlags.Letter, text, start);
        if ((flags & CharacterFlags.Number) != 0) return CharacterRun.Of(CharacterFlags.Number, text, start, mostDigits);
        if (first is not ('\r' or '\n'))
        {
            var letters = CharacterRun.Of(CharacterFlags.Letter, text, start + length);
            if (letters > start + length) return letters;
        }

        var begin = first == ' ' ? start + 1 : start;
        var others = CharacterRun.OfOther(text, begin);
        return others > begin ? NewlinesEnd(text, others) : WhiteSpaceEnd(text, start);
    }

    /// <summary><c>[\r\n]*</c>.</summary>
    private static int NewlinesEnd(ReadOnlySpan<char> text, int start)
    {
        var length = text[start..].IndexOfAnyExcept('\r', '\n');
        return length < 0 ? text.Length : start + length;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>: white space up to its last line break, or as GPT-2 has it where there is none.</summary>
    private static int WhiteSpaceEnd(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterRun.Of(CharacterFlags.Space, text, start);
        var newline = text[start..end].LastIndexOfAny('\r', '\n');
        return newline >= 0 ? start + newline + 1 : CharacterRun.SpaceEnd(text, start, end);
    }

    /// <summary>The letters after an apostrophe, in either case; the long s (U+017F) folds to s.</summary>
    private static int ContractionLength(ReadOnlySpan<char> rest) => rest switch
    {
        ['s' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D', ..] => 1,
        ['r' or 'R' or 'v' or 'V', 'e' or 'E', ..] or ['l' or 'L', 'l' or 'L', ..] => 2,
        _ => 0,
    };
}
