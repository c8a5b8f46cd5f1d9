namespace Atlas.Evaluation.Traces;

/// <summary>
/// A prompt or completion as a trace holds it: either text, in any tokenizer's vocabulary, or the token ids of one model. Exactly one of
/// <see cref="Text"/> and <see cref="Tokens"/> is set. Immutable; equality is by content.
/// </summary>
public sealed class TraceText : IEquatable<TraceText>
{
    private TraceText(string? text, int[]? tokens)
    {
        Text = text;
        Tokens = tokens;
    }

    /// <summary>The text, or null where tokens are given.</summary>
    public string? Text { get; }

    /// <summary>The token ids, each zero or more, or null where text is given.</summary>
    public IReadOnlyList<int>? Tokens { get; }

    /// <summary>Whether there is neither a character nor a token.</summary>
    public bool IsEmpty => (Text?.Length ?? Tokens!.Count) == 0;

    /// <summary>Wraps text.</summary>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair, which no UTF-8 file can hold.</exception>
    public static TraceText Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = HalfPair(text);
        return at < 0
            ? new TraceText(text, null)
            : throw new ArgumentException($"The text has half of a surrogate pair at position {at}; expected whole ones.", nameof(text));
    }

    /// <summary>Wraps a copy of token ids.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token id is negative.</exception>
    public static TraceText Of(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
            ArgumentOutOfRangeException.ThrowIfNegative(token, nameof(tokens));
        return new TraceText(null, tokens.ToArray());
    }

    /// <inheritdoc/>
    public bool Equals(TraceText? other) =>
        other is not null
        && Text == other.Text
        && (Tokens is null ? other.Tokens is null : other.Tokens is not null && Tokens.SequenceEqual(other.Tokens));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TraceText);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (Text is not null)
            return Text.GetHashCode(StringComparison.Ordinal);
        var hash = new HashCode();
        foreach (int token in Tokens!)
            hash.Add(token);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Text ?? $"[{string.Join(", ", Tokens!)}]";

    /// <summary>The position of the first half of a surrogate pair that stands alone, or -1.</summary>
    internal static int HalfPair(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return i;
            i++;
        }
        return -1;
    }
}
