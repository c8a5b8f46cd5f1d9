using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>GPT-2's pattern, which the ByteLevel pre-tokenizer has built in: see <see cref="Pattern"/>.</summary>
internal sealed class Gpt2Scanner : IPieceScanner
{
    /// <summary>The regular expression that this scanner computes.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>The one instance: there is nothing to set.</summary>
    public static readonly Gpt2Scanner Instance = new();

    /// <inheritdoc/>
    public int Next(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..]) is > 0 and var contraction) return start + 1 + contraction;
        var begin = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var flags = CodePoint.FlagsAt(text, begin, out _);
        if ((flags & CharacterFlags.Letter) != 0) return CharacterRun.Of(CharacterFlags.Letter, text, begin);
        if ((flags & CharacterFlags.Number) != 0) return CharacterRun.Of(CharacterFlags.Number, text, begin);
        if (CharacterRun.IsOther(flags)) return CharacterRun.OfOther(text, begin);
        return CharacterRun.SpaceEnd(text, start, CharacterRun.Of(CharacterFlags.Space, text, start));
    }

    private static int ContractionLength(ReadOnlySpan<char> rest) => rest switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r' or 'v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };
}
