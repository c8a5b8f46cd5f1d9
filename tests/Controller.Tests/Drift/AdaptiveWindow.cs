namespace Atlas.Controller.Tests.Drift;

/// <summary>
/// ADWIN (Bifet and Gavaldà, SDM 2007): a window over a stream of numbers in [0, 1] that grows while its mean stays and drops its older part
/// when the newer one has another mean. Kept as an exponential histogram: memory and time grow with the logarithm of the window. Not
/// thread-safe; allocates nothing. The alternative to the Page-Hinkley test that was tried.
/// </summary>
internal sealed class AdaptiveWindow
{
    private const int PerLevel = 5;
    private const int Levels = 16;
    private const int LeastPart = 4;

    private readonly double _confidence;
    private readonly Bucket[] _buckets = new Bucket[Levels * (PerLevel + 1)];
    private readonly int[] _counts = new int[Levels];
    private Bucket _all;

    /// <summary>An empty window.</summary>
    /// <param name="confidence">Probability of a false alarm, about.</param>
    public AdaptiveWindow(double confidence = 0.002)
    {
        if (!(confidence > 0 && confidence < 1)) throw new ArgumentException($"confidence is {confidence}; expected more than 0 and less than 1", nameof(confidence));
        _confidence = confidence;
    }

    /// <summary>Numbers in the window.</summary>
    public long Length => (long)_all.Count;

    /// <summary>Their mean; 0 when there are none.</summary>
    public double Mean => _all.Count == 0 ? 0 : _all.Sum / _all.Count;

    /// <summary>Adds a number; returns whether the mean has changed, so that the older part was dropped.</summary>
    public bool Add(double value)
    {
        Insert(0, new Bucket(1, value, 0));
        _all = _all.With(new Bucket(1, value, 0));
        bool dropped = false;
        while (HasCut())
        {
            DropOldest();
            dropped = true;
        }
        return dropped;
    }

    /// <summary>Empties the window.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        _all = default;
    }

    private void Insert(int level, Bucket bucket)
    {
        int at = level * (PerLevel + 1);
        _buckets[at + _counts[level]++] = bucket;
        if (_counts[level] <= PerLevel || level == Levels - 1)
        {
            if (_counts[level] > PerLevel) DropOldest();
            return;
        }
        var merged = _buckets[at].With(_buckets[at + 1]);
        RemoveFirst(level, 2);
        Insert(level + 1, merged);
    }

    // Whether some cut of the window leaves two parts with means too far apart.
    private bool HasCut()
    {
        double log = Math.Log(2 * Math.Log(Math.Max(_all.Count, 3)) / _confidence);
        double variance = _all.Spread / Math.Max(1, _all.Count);
        Bucket old = default;
        for (int level = Levels - 1; level >= 0; level--)
            for (int i = 0; i < _counts[level]; i++)
            {
                old = old.With(_buckets[level * (PerLevel + 1) + i]);
                double rest = _all.Count - old.Count;
                if (old.Count < LeastPart || rest < LeastPart) continue;
                double inverse = 1 / old.Count + 1 / rest;
                double bound = Math.Sqrt(2 * inverse * variance * log) + 2.0 / 3 * inverse * log;
                if (Math.Abs(old.Sum / old.Count - (_all.Sum - old.Sum) / rest) > bound) return true;
            }
        return false;
    }

    private void DropOldest()
    {
        int level = Levels - 1;
        while (_counts[level] == 0) level--;
        _all = _all.Without(_buckets[level * (PerLevel + 1)]);
        RemoveFirst(level, 1);
    }

    private void RemoveFirst(int level, int count)
    {
        var buckets = _buckets.AsSpan(level * (PerLevel + 1), _counts[level]);
        buckets[count..].CopyTo(buckets);
        _counts[level] -= count;
    }

    // Count, sum, and sum of squared distances from the mean.
    private readonly record struct Bucket(double Count, double Sum, double Spread)
    {
        public Bucket With(in Bucket other)
        {
            double count = Count + other.Count;
            if (Count == 0 || other.Count == 0) return new Bucket(count, Sum + other.Sum, Spread + other.Spread);
            double apart = Sum / Count - other.Sum / other.Count;
            return new Bucket(count, Sum + other.Sum, Spread + other.Spread + apart * apart * Count * other.Count / count);
        }

        public Bucket Without(in Bucket other)
        {
            double count = Count - other.Count, sum = Sum - other.Sum;
            if (count <= 0) return default;
            double apart = sum / count - other.Sum / other.Count;
            return new Bucket(count, sum, Math.Max(0, Spread - other.Spread - apart * apart * count * other.Count / Count));
        }
    }
}
