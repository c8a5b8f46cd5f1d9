using Atlas.Core.Decoding;

namespace Atlas.Modeling.Tokenization;

/// <summary>
/// The text of one sequence as its tokens are emitted, cut before the first stop string. What could still become a stop string is held back
/// from <see cref="TakeReady"/>, so a stream never shows a part of one. Not thread-safe.
/// </summary>
/// <param name="tokenizer">Turns tokens into text; special tokens leave none.</param>
/// <param name="stopStrings">Texts that end the sequence; may be empty, none of them is.</param>
public sealed class TextStream(Tokenizer tokenizer, IReadOnlyList<string> stopStrings) : IStopMatcher
{
    private readonly StreamingDetokenizer _detokenizer = new(tokenizer, skipSpecialTokens: true);
    private char[] _text = new char[256];
    private int _length;
    private int _taken;
    private bool _ended;

    /// <summary>The whole text so far, up to a stop string.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <inheritdoc/>
    public bool Push(int token) => Append(_detokenizer.Push(token));

    /// <summary>Ends the sequence: nothing is held back any more, and an incomplete character becomes U+FFFD.</summary>
    public void Finish()
    {
        if (_ended) return;
        Append(_detokenizer.Flush());
        _ended = true;
    }

    /// <summary>Text that was not taken yet and will not change; valid until the next call.</summary>
    public ReadOnlySpan<char> TakeReady()
    {
        int ready = Math.Max(_taken, _ended ? _length : _length - HeldBack());
        var text = _text.AsSpan(_taken, ready - _taken);
        _taken = ready;
        return text;
    }

    // Returns whether a stop string was completed; the text then ends before it.
    private bool Append(ReadOnlySpan<char> text)
    {
        if (_ended) throw new InvalidOperationException("the text has ended; it takes no more tokens");
        if (_length + text.Length > _text.Length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + text.Length));
        int before = _length;
        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
        int cut = -1;
        for (int i = 0; i < stopStrings.Count; i++)
        {
            string stop = stopStrings[i];
            int from = Math.Max(0, before - stop.Length + 1);
            int found = _text.AsSpan(from, _length - from).IndexOf(stop.AsSpan(), StringComparison.Ordinal);
            if (found >= 0 && (cut < 0 || from + found < cut)) cut = from + found;
        }
        if (cut < 0) return false;
        _length = cut;
        _ended = true;
        return true;
    }

    // Length of the longest end of the text that a stop string begins with.
    private int HeldBack()
    {
        int held = 0;
        for (int i = 0; i < stopStrings.Count; i++)
            for (int n = Math.Min(stopStrings[i].Length - 1, _length); n > held; n--)
                if (Text.EndsWith(stopStrings[i].AsSpan(0, n), StringComparison.Ordinal))
                {
                    held = n;
                    break;
                }
        return held;
    }
}
