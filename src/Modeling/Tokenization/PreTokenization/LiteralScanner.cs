namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>Every occurrence of <paramref name="literal"/> (not empty) is a piece, and so is what lies between two of them.</summary>
internal sealed class LiteralScanner(string literal) : IPieceScanner
{
    /// <inheritdoc/>
    public int Next(ReadOnlySpan<char> text, int start)
    {
        var found = text[start..].IndexOf(literal, StringComparison.Ordinal);
        return found switch
        {
            < 0 => text.Length,
            0 => start + literal.Length,
            _ => start + found,
        };
    }
}
