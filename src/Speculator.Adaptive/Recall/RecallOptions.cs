namespace Atlas.Speculator.Adaptive.Recall;

/// <summary>How much the recall speculator keeps, and how it drafts.</summary>
public sealed record RecallOptions
{
    /// <summary>Ids of the target's vocabulary: 0 to this less one. No other token is drafted.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Positions kept of a namespace, then the oldest make room; rounded up to a power of two. 84 bytes each, half as much again where chains have just grown.</summary>
    public int Capacity { get; init; } = 1 << 16;

    /// <summary>The newest positions of the same token that a lookup looks at; the one that it is for is among them.</summary>
    public int MostCompared { get; init; } = 512;

    /// <summary>The most similar positions that vote.</summary>
    public int Voters { get; init; } = 8;

    /// <summary>How fast a vote loses weight with the cosine similarity: e to the power of this times what is missing to the most similar.</summary>
    public float Sharpness { get; init; } = 30f;

    /// <summary>A path ends where the product of its confidences falls below this.</summary>
    public float MinPathConfidence { get; init; } = 0.1f;

    /// <summary>Bytes of all namespaces together, over which the least recently used are dropped.</summary>
    public long MemoryLimit { get; init; } = 256L << 20;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="ArgumentException">One is; the message names it.</exception>
    internal void Validate()
    {
        if (VocabularySize < 1) throw new ArgumentException($"a vocabulary of {VocabularySize} tokens; expected at least 1");
        if (Capacity is < 1 or > 1 << 26) throw new ArgumentException($"a capacity of {Capacity} positions; expected 1 to {1 << 26}");
        if (MostCompared < 1) throw new ArgumentException($"{MostCompared} positions compared; expected at least 1");
        if (Voters is < 1 or > Voting.MatchSet.MostMatches) throw new ArgumentException($"{Voters} voters; expected 1 to {Voting.MatchSet.MostMatches}");
        if (!(Sharpness >= 0f)) throw new ArgumentException($"a sharpness of {Sharpness}; expected 0 or more");
        if (!(MinPathConfidence is >= 0f and <= 1f)) throw new ArgumentException($"least path confidence {MinPathConfidence}; expected 0 to 1");
        if (MemoryLimit < 0) throw new ArgumentException($"a memory limit of {MemoryLimit} bytes; expected 0 or more");
    }
}
