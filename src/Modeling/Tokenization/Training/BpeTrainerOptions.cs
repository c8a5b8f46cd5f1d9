using Atlas.Modeling.Tokenization.Model;

namespace Atlas.Modeling.Tokenization.Training;

/// <summary>What <see cref="BpeTrainer"/> is to make.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>
    /// Most tokens, special ones included; at least 256 (the bytes) more than there are special tokens. Fewer come of texts that repeat too
    /// little.
    /// </summary>
    public required int VocabularySize { get; init; }

    /// <summary>
    /// Control tokens, which take the last ids in this order; none of them empty, twice, or a single character that stands for a byte. They
    /// are not looked for in the training texts.
    /// </summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>The one of <see cref="SpecialTokens"/> that encoding puts before a text; null for none.</summary>
    public string? BeginToken { get; init; }

    /// <summary>How text is cut into pieces before bytes merge.</summary>
    public TokenizerStyle Style { get; init; } = TokenizerStyle.Llama3;

    /// <summary>A pair seen fewer times does not merge; at least 1.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Throws an <see cref="ArgumentException"/> that names what does not fit.</summary>
    internal void Check()
    {
        if (VocabularySize < 256 + SpecialTokens.Count)
            throw new ArgumentException(
                $"VocabularySize is {VocabularySize}; expected at least {256 + SpecialTokens.Count}, the bytes and the special tokens");
        if (MinimumFrequency < 1) throw new ArgumentException($"MinimumFrequency is {MinimumFrequency}; expected at least 1");
        if (SpecialTokens.Contains("")) throw new ArgumentException("SpecialTokens holds an empty one; expected texts");
        if (SpecialTokens.Distinct().Count() != SpecialTokens.Count) throw new ArgumentException("SpecialTokens repeats one; expected each once");
        if (SpecialTokens.FirstOrDefault(token => token.Length == 1 && ByteAlphabet.ToByte(token[0]) >= 0) is { } single)
            throw new ArgumentException($"SpecialTokens holds \"{single}\", which stands for a byte; expected longer ones");
        if (BeginToken is not null && !SpecialTokens.Contains(BeginToken))
            throw new ArgumentException($"BeginToken is \"{BeginToken}\"; expected one of SpecialTokens");
    }
}
