namespace Atlas.Modeling.Tokenization.Training;

/// <summary>
/// How often each pair of neighbouring tokens occurs, and in which words, kept up to date while merges are made. The most frequent pair is
/// taken from a queue whose entries are corrected when they come up, because counts mostly fall.
/// </summary>
internal sealed class PairStatistics
{
    private readonly Dictionary<ulong, Occurrences> _pairs = [];
    private readonly PriorityQueue<ulong, (long NegatedCount, ulong Pair)> _queue = new();
    private readonly HashSet<ulong> _risen = [];

    /// <summary>Counts a pair <paramref name="times"/> more often, and remembers that it occurs in <paramref name="word"/>.</summary>
    public void Add(int left, int right, long times, int word)
    {
        var pair = Key(left, right);
        if (!_pairs.TryGetValue(pair, out var occurrences)) _pairs.Add(pair, occurrences = new Occurrences());
        occurrences.Count += times;
        if (occurrences.Words.Count == 0 || occurrences.Words[^1] != word) occurrences.Words.Add(word);
        _risen.Add(pair);
    }

    /// <summary>Counts a pair <paramref name="times"/> less often, unless it was taken out.</summary>
    public void Remove(int left, int right, long times)
    {
        if (_pairs.TryGetValue(Key(left, right), out var occurrences)) occurrences.Count -= times;
    }

    /// <summary>
    /// Takes out the most frequent pair, of equal ones that with the lower left token, then the lower right; null when none occurs
    /// <paramref name="least"/> times. <c>Words</c> may name a word more than once, and words that no longer hold the pair.
    /// </summary>
    public (int Left, int Right, List<int> Words)? TakeMostFrequent(long least)
    {
        foreach (var pair in _risen) _queue.Enqueue(pair, (-_pairs[pair].Count, pair));
        _risen.Clear();
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            if (!_pairs.TryGetValue(pair, out var occurrences) || occurrences.Count < least) continue;
            if (occurrences.Count != -priority.NegatedCount)
            {
                _queue.Enqueue(pair, (-occurrences.Count, pair));
                continue;
            }

            _pairs.Remove(pair);
            return ((int)(pair >> 32), (int)pair, occurrences.Words);
        }

        return null;
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private sealed class Occurrences
    {
        public long Count { get; set; }

        public List<int> Words { get; } = [];
    }
}
