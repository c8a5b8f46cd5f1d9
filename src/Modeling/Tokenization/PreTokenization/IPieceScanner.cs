namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>Cuts a text into consecutive pieces that cover it. Implementations are immutable and shared between threads.</summary>
internal interface IPieceScanner
{
    /// <summary>
    /// Where the piece that begins at <paramref name="start"/> ends. <paramref name="text"/> is well-formed UTF-16 and
    /// <paramref name="start"/> lies before its end, at a piece's beginning; the result is greater than <paramref name="start"/>.
    /// </summary>
    int Next(ReadOnlySpan<char> text, int start);
}
