using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>The Digits pre-tokenizer: numeric characters apart from others, each alone (<c>individual_digits</c>) or in whole runs.</summary>
internal sealed class DigitsScanner(bool individual) : IPieceScanner
{
    /// <inheritdoc/>
    public int Next(ReadOnlySpan<char> text, int start)
    {
        if ((CodePoint.FlagsAt(text, start, out _) & CharacterFlags.Numeric) != 0)
            return CharacterRun.Of(CharacterFlags.Numeric, text, start, individual ? 1 : int.MaxValue);
        var end = start;
        while (end < text.Length && (CodePoint.FlagsAt(text, end, out var length) & CharacterFlags.Numeric) == 0) end += length;
        return end;
    }
}
