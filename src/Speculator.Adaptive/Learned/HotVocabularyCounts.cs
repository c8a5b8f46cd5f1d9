namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// Which tokens the traffic uses: counts of emitted tokens that fade, so that the hot vocabulary follows a shift of the traffic. Adding costs
/// one addition: instead of all counts shrinking, each further token counts a little more. Not thread-safe.
/// </summary>
public sealed class HotVocabularyCounts
{
    private const double Largest = 1e200;

    private readonly double[] _counts;
    private readonly int[] _order;
    private readonly double[] _keys;
    private readonly double _growth;
    private double _weight = 1;

    /// <summary>Counts that are all zero.</summary>
    /// <param name="vocabularySize">Full vocabulary.</param>
    /// <param name="halfLife">Tokens after which a count has lost half its weight.</param>
    public HotVocabularyCounts(int vocabularySize, double halfLife)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLife);
        _counts = new double[vocabularySize];
        _order = new int[vocabularySize];
        _keys = new double[vocabularySize];
        _growth = Math.Pow(2, 1 / halfLife);
    }

    /// <summary>Counts an emitted token, or several of the same.</summary>
    public void Add(int token, double times = 1)
    {
        _counts[token] += _weight * times;
        _weight *= _growth;
        if (_weight < Largest) return;
        for (int i = 0; i < _counts.Length; i++) _counts[i] /= _weight;
        _weight = 1;
    }

    /// <summary>A token's count today: 1 for a token seen just now and never before.</summary>
    public double Count(int token) => _counts[token] / _weight;

    /// <summary>
    /// Writes the tokens with the highest counts, ascending by id; returns how many. Tokens that were never seen are not among them; ties go to
    /// the lower id.
    /// </summary>
    public int Select(Span<int> destination)
    {
        int seen = 0;
        for (int token = 0; token < _counts.Length; token++)
        {
            if (_counts[token] == 0) continue;
            _order[seen] = token;
            _keys[seen++] = -_counts[token];
        }
        // The sort is not stable, so that ties are put in order afterwards.
        Array.Sort(_keys, _order, 0, seen);
        for (int first = 0; first < seen;)
        {
            int end = first + 1;
            while (end < seen && _keys[end] == _keys[first]) end++;
            Array.Sort(_order, first, end - first);
            first = end;
        }
        int count = Math.Min(seen, destination.Length);
        _order.AsSpan(0, count).CopyTo(destination);
        destination[..count].Sort();
        return count;
    }
}
