namespace Atlas.Evaluation.Recipes;

/// <summary>What a tokenizer is learned from.</summary>
public sealed record TokenizerRecipe
{
    /// <summary>Most tokens, the end token included.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Training items read per domain.</summary>
    public required int ItemsPerDomain { get; init; }

    /// <summary>Domains whose text it is learned from.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Characters of real text it is learned from, of the recipe's corpus.</summary>
    public int TextCharacters { get; init; }

    internal string? Fault()
    {
        if (TextCharacters < 0) return $"tokenizer.text_characters is {TextCharacters}; expected 0 or more";
        if (VocabularySize is < 300 or > 1 << 20) return $"tokenizer.vocabulary_size is {VocabularySize}; expected 300 to {1 << 20}";
        if (ItemsPerDomain < 1) return $"tokenizer.items_per_domain is {ItemsPerDomain}; expected at least 1";
        return DomainNames.Fault("tokenizer.domains", Domains);
    }
}
