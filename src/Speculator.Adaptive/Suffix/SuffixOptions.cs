namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>How the suffix speculator stores and drafts.</summary>
public sealed record SuffixOptions
{
    /// <summary>Ids of the target's vocabulary: 0 to this less one. No other token is drafted.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Size of a namespace's store.</summary>
    public SuffixStoreOptions Shared { get; init; } = new();

    /// <summary>Size of the index over a request's own text; a longer text loses its beginning there.</summary>
    public SuffixStoreOptions Own { get; init; } = new() { Capacity = 1 << 17, PageBits = 10 };

    /// <summary>Bytes of all namespace stores together, over which the least recently used namespaces are dropped.</summary>
    public long MemoryLimit { get; init; } = 1L << 30;

    /// <summary>A path ends where the product of its confidences falls below this.</summary>
    public float MinPathConfidence { get; init; } = 0.1f;

    /// <summary>A path has at most this many tokens for each token of the match it continues.</summary>
    public float DraftPerMatched { get; init; } = 4f;

    /// <summary>Tokens that a path may have on top of <see cref="DraftPerMatched"/>.</summary>
    public int DraftOffset { get; init; } = 2;

    /// <summary>How the request's own text is looked up.</summary>
    public MatchLimits OwnLimits { get; init; } = new(8, 8, 2, false);

    /// <summary>How the namespace's store is looked up.</summary>
    public MatchLimits SharedLimits { get; init; } = new(8, 8, 2, true);

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="ArgumentException">One is; the message names it.</exception>
    internal void Validate()
    {
        if (VocabularySize < 1) throw new ArgumentException($"a vocabulary of {VocabularySize} tokens; expected at least 1");
        if (!(MinPathConfidence is >= 0f and <= 1f)) throw new ArgumentException($"least path confidence {MinPathConfidence}; expected 0 to 1");
        if (!(DraftPerMatched >= 0f)) throw new ArgumentException($"{DraftPerMatched} draft tokens per matched token; expected 0 or more");
        if (DraftOffset < 0) throw new ArgumentException($"draft offset {DraftOffset}; expected 0 or more");
        if (MemoryLimit < 0) throw new ArgumentException($"a memory limit of {MemoryLimit} bytes; expected 0 or more");
        Shared.Validate();
        Own.Validate();
    }
}
