using Atlas.Modeling.Tokenization.PreTokenization;
using Atlas.Modeling.Tokenization.Unicode;

namespace Atlas.Modeling.Tokenization;

/// <summary>
/// Cuts a text at its added tokens, in two rounds as Hugging Face's tokenizers do: those that are not normalized in the text as it is, the
/// others in the normalized text between. Immutable.
/// </summary>
internal sealed class AddedVocabulary
{
    private readonly AddedTokenMatcher? _raw;
    private readonly AddedTokenMatcher? _normalized;

    /// <summary>The vocabulary of <paramref name="tokens"/>, each with the text that it is looked for as.</summary>
    public AddedVocabulary(IReadOnlyCollection<(string Pattern, AddedToken Token)> tokens)
    {
        _raw = Matcher(tokens.Where(t => !t.Token.Normalized));
        _normalized = Matcher(tokens.Where(t => t.Token.Normalized));
    }

    /// <summary>The first round: <paramref name="text"/> is not normalized.</summary>
    public List<AddedTokenSegment> CutRaw(ReadOnlySpan<char> text, AddedTokenRecognition recognition) => Cut(_raw, text, recognition);

    /// <summary>The second round: <paramref name="text"/> is normalized and lies between tokens of the first.</summary>
    public List<AddedTokenSegment> CutNormalized(ReadOnlySpan<char> text, AddedTokenRecognition recognition) =>
        Cut(_normalized, text, recognition);

    private static AddedTokenMatcher? Matcher(IEnumerable<(string Pattern, AddedToken Token)> tokens)
    {
        var patterns = tokens.ToArray();
        return patterns.Length == 0 ? null : new AddedTokenMatcher(patterns);
    }

    private static List<AddedTokenSegment> Cut(AddedTokenMatcher? matcher, ReadOnlySpan<char> text, AddedTokenRecognition recognition)
    {
        var segments = new List<AddedTokenSegment>();
        var done = 0;
        var from = 0;
        while (matcher is not null && recognition != AddedTokenRecognition.None)
        {
            var token = matcher.Next(text, from, out var start, out var end);
            if (token is null) break;
            from = end;
            if (token.Special && recognition == AddedTokenRecognition.NotSpecial) continue;
            if (token.SingleWord && TouchesWord(text, start, end)) continue;
            if (token.StripLeft) start = Math.Max(start - TrailingSpace(text[..start]), done);
            if (token.StripRight) end = CharacterRun.Of(CharacterFlags.Space, text, end);
            if (done < start) segments.Add(new AddedTokenSegment(done, start, null));
            segments.Add(new AddedTokenSegment(start, end, token));

            // What a token stripped may hold the next one, which was searched for from where this one's own text ends.
            done = end;
        }

        if (done != text.Length) segments.Add(new AddedTokenSegment(done, text.Length, null));
        return segments;
    }

    private static bool TouchesWord(ReadOnlySpan<char> text, int start, int end) =>
        (start > 0 && IsWord(CodePoint.Before(text, start))) || (end < text.Length && IsWord(CodePoint.At(text, end, out _)));

    private static bool IsWord(int codePoint) => ((CharacterFlags)CharacterTable.Flags[codePoint] & CharacterFlags.Word) != 0;

    // White space lies in the basic plane and never looks like half of a pair.
    private static int TrailingSpace(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && ((CharacterFlags)CharacterTable.Flags[text[^(count + 1)]] & CharacterFlags.Space) != 0) count++;
        return count;
    }
}
