namespace Atlas.Speculator.Adaptive.Suffix;

/// <summary>Size and shape of a <see cref="SuffixStore"/>.</summary>
public sealed record SuffixStoreOptions
{
    /// <summary>Most tokens kept, separators between texts included; then the oldest make room. Rounded up to whole blocks of 64.</summary>
    public int Capacity { get; init; } = 1 << 20;

    /// <summary>
    /// Context lengths that have chains of occurrences, rising. Longer matches are found among the occurrences of the longest.
    /// </summary>
    public IReadOnlyList<int> ContextLengths { get; init; } = [1, 2, 4, 8];

    /// <summary>Positions in a page of memory, as a power of two: what the store grows by. 6 to 20.</summary>
    public int PageBits { get; init; } = 14;

    /// <summary>
    /// Tokens for each bucket of the context table (64 bytes, ten contexts). Fewer keep more contexts at the price of memory.
    /// </summary>
    public float TokensPerBucket { get; init; } = 3f;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="ArgumentException">One is; the message names it.</exception>
    internal void Validate()
    {
        if (Capacity is < 64 or > ContextTable.MostPositions) throw new ArgumentException($"a suffix store of {Capacity} tokens; expected 64 to {ContextTable.MostPositions}");
        if (PageBits is < 6 or > 20) throw new ArgumentException($"pages of 2^{PageBits} tokens; expected 2^6 to 2^20");
        if (!(TokensPerBucket is >= 1f and <= 64f)) throw new ArgumentException($"{TokensPerBucket} tokens per bucket; expected 1 to 64");
        if (ContextLengths.Count is < 1 or > SuffixStream.MostContexts)
            throw new ArgumentException($"{ContextLengths.Count} context lengths; expected 1 to {SuffixStream.MostContexts}");
        for (int i = 0; i < ContextLengths.Count; i++)
            if (ContextLengths[i] <= (i == 0 ? 0 : ContextLengths[i - 1]) || ContextLengths[i] > SuffixStore.LongestMatch)
                throw new ArgumentException($"context length {ContextLengths[i]}; expected rising lengths from 1 to {SuffixStore.LongestMatch}");
    }
}
