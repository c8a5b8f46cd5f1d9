using System.Buffers;
using System.Text.Unicode;

namespace Atlas.Modeling.Tokenization;

/// <summary>
/// Turns the tokens of one growing sequence into text as they come. A character whose bytes are spread over tokens is held back until it is
/// whole, and all that was emitted, with <see cref="Flush"/> at the end, is what <see cref="Tokenizer.Decode"/> gives for all tokens at once.
/// Nothing is allocated after construction. Not safe for concurrent use.
/// </summary>
public sealed class StreamingDetokenizer
{
    // A character takes at most four bytes, so at most three wait for its end.
    private const int MostHeld = 3;

    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly byte[] _bytes;
    private readonly char[] _text;
    private int _held;

    /// <summary>A detokenizer at the start of a sequence, which leaves special tokens out if told so.</summary>
    public StreamingDetokenizer(Tokenizer tokenizer, bool skipSpecialTokens)
    {
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
        _bytes = new byte[tokenizer.LongestToken + MostHeld];

        // A byte never becomes more than one char.
        _text = new char[_bytes.Length];
    }

    /// <summary>
    /// Takes the next token and returns the text that is certain now, often empty; valid until the next call. Ids that no token has stand
    /// for nothing.
    /// </summary>
    public ReadOnlySpan<char> Push(int token)
    {
        if (!_tokenizer.IsDecoded(token, _skipSpecialTokens)) return [];
        var bytes = _tokenizer.TokenBytes(token).Span;
        bytes.CopyTo(_bytes.AsSpan(_held));
        return Emit(_held + bytes.Length, isEnd: false);
    }

    /// <summary>Ends the sequence: a character that is still incomplete becomes U+FFFD. The next token begins a new sequence.</summary>
    public ReadOnlySpan<char> Flush() => Emit(_held, isEnd: true);

    /// <summary>Forgets the sequence, and what is held back of it.</summary>
    public void Reset() => _held = 0;

    private ReadOnlySpan<char> Emit(int count, bool isEnd)
    {
        var status = Utf8.ToUtf16(_bytes.AsSpan(0, count), _text, out var read, out var written, replaceInvalidSequences: true, isEnd);
        _held = status == OperationStatus.NeedMoreData ? count - read : 0;
        _bytes.AsSpan(read, _held).CopyTo(_bytes);
        return _text.AsSpan(0, written);
    }
}
