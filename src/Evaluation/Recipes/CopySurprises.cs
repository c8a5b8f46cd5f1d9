namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Finds the tokens of a text that are not what copying on would give: where the tokens before stood earlier in the text (their longest
/// match, the latest of equal ones, at least two tokens), and something else followed there. In an edit of code these are the edit; all else
/// is copied. So few of them carry what a task asks that they drown among copied tokens unless they weigh more.
/// </summary>
internal static class CopySurprises
{
    private const int LeastMatch = 2;
    private const int LongestMatch = 16;

    /// <summary>Multiplies the weights of such tokens.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="weights">A weight for each token.</param>
    /// <param name="from">First token that may be weighed.</param>
    /// <param name="factor">By what.</param>
    public static void Weigh(ReadOnlySpan<int> tokens, Span<float> weights, int from, float factor)
    {
        for (int at = Math.Max(from, LeastMatch); at < tokens.Length; at++)
            if (Copied(tokens[..at]) is { } copied && copied != tokens[at])
                weights[at] *= factor;
    }

    // What followed the longest match of the text's end; null where there is none.
    private static int? Copied(ReadOnlySpan<int> text)
    {
        int best = LeastMatch - 1, found = -1;
        for (int end = text.Length - 1; end >= LeastMatch && best < LongestMatch; end--)
        {
            int length = MatchBefore(text, end);
            if (length > best) (best, found) = (length, end);
        }
        return found < 0 ? null : text[found];
    }

    // How many tokens before a place equal the last ones.
    private static int MatchBefore(ReadOnlySpan<int> text, int place)
    {
        int length = 0;
        while (length < LongestMatch && length < place && text[place - 1 - length] == text[text.Length - 1 - length]) length++;
        return length;
    }
}
