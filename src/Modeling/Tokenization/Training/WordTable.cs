namespace Atlas.Modeling.Tokenization.Training;

/// <summary>The distinct pieces of the training texts as tokens, which shrink in place while merges are made.</summary>
internal sealed class WordTable
{
    private readonly int[] _symbols;
    private readonly int[] _starts;
    private readonly int[] _lengths;
    private readonly long[] _counts;

    /// <summary>The words of the given tokens, each with how often it occurs.</summary>
    public WordTable(IReadOnlyList<(int[] Symbols, long Count)> words)
    {
        _symbols = new int[words.Sum(word => word.Symbols.Length)];
        _starts = new int[words.Count];
        _lengths = new int[words.Count];
        _counts = new long[words.Count];
        var used = 0;
        for (var i = 0; i < words.Count; i++)
        {
            (_starts[i], _lengths[i], _counts[i]) = (used, words[i].Symbols.Length, words[i].Count);
            words[i].Symbols.CopyTo(_symbols.AsSpan(used));
            used += words[i].Symbols.Length;
        }
    }

    /// <summary>Counts every pair of every word.</summary>
    public void CountPairs(PairStatistics pairs)
    {
        for (var word = 0; word < _starts.Length; word++)
        {
            var symbols = _symbols.AsSpan(_starts[word], _lengths[word]);
            for (var i = 1; i < symbols.Length; i++) pairs.Add(symbols[i - 1], symbols[i], _counts[word], word);
        }
    }

    /// <summary>
    /// Merges <paramref name="left"/> and <paramref name="right"/> into <paramref name="merged"/> wherever they stand side by side in
    /// <paramref name="word"/>, the leftmost first, and corrects the counts of the pairs around them.
    /// </summary>
    public void Merge(int word, int left, int right, int merged, PairStatistics pairs)
    {
        var symbols = _symbols.AsSpan(_starts[word], _lengths[word]);
        var count = _counts[word];
        var written = 0;
        for (var i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] != left || i + 1 == symbols.Length || symbols[i + 1] != right)
            {
                symbols[written++] = symbols[i];
                continue;
            }

            if (written > 0)
            {
                pairs.Remove(symbols[written - 1], left, count);
                pairs.Add(symbols[written - 1], merged, count, word);
            }

            if (i + 2 < symbols.Length)
            {
                pairs.Remove(right, symbols[i + 2], count);
                pairs.Add(merged, symbols[i + 2], count, word);
            }

            symbols[written++] = merged;
            i++;
        }

        _lengths[word] = written;
    }
}
