namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>
/// The pre-tokenizer of a byte-level tokenizer: scanners cut the text one after another, each within the pieces of the one before, and
/// ByteLevel comes last. Immutable.
/// </summary>
internal sealed class PreTokenizer
{
    private readonly IPieceScanner[] _scanners;
    private readonly bool _prefixSpace;

    // GPT-2's pattern cuts pieces after they were given their space.
    private readonly bool _cutPrefixed;

    /// <summary>
    /// Runs <paramref name="scanners"/> in order, then ByteLevel: with <paramref name="prefixSpace"/> it puts a space before each piece
    /// that does not begin with one, and with <paramref name="gpt2"/> it cuts the piece by GPT-2's pattern.
    /// </summary>
    public PreTokenizer(IPieceScanner[] scanners, bool prefixSpace, bool gpt2)
    {
        _prefixSpace = prefixSpace;
        _scanners = gpt2 && !prefixSpace ? [.. scanners, Gpt2Scanner.Instance] : scanners;
        _cutPrefixed = gpt2 && prefixSpace;
    }

    /// <summary>Hands every piece of <paramref name="text"/>, in order, to <paramref name="sink"/>.</summary>
    public void Split<TSink>(ReadOnlySpan<char> text, ref TSink sink) where TSink : struct, IPieceSink => Split(text, 0, ref sink);

    private void Split<TSink>(ReadOnlySpan<char> text, int stage, ref TSink sink) where TSink : struct, IPieceSink
    {
        if (stage == _scanners.Length)
        {
            Finish(text, ref sink);
            return;
        }

        var scanner = _scanners[stage];
        var last = stage + 1 == _scanners.Length && !_prefixSpace;
        for (var start = 0; start < text.Length;)
        {
            var end = scanner.Next(text, start);
            if (last) sink.Add(text[start..end]);
            else Split(text[start..end], stage + 1, ref sink);
            start = end;
        }
    }

    private void Finish<TSink>(ReadOnlySpan<char> text, ref TSink sink) where TSink : struct, IPieceSink
    {
        if (text.IsEmpty) return;
        ReadOnlySpan<char> piece = _prefixSpace && text[0] != ' ' ? string.Concat(" ", text) : text;
        if (!_cutPrefixed)
        {
            sink.Add(piece);
            return;
        }

        for (var start = 0; start < piece.Length;)
        {
            var end = Gpt2Scanner.Instance.Next(piece, start);
            sink.Add(piece[start..end]);
            start = end;
        }
    }
}
