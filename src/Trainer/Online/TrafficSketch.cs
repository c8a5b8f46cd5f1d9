namespace Atlas.Trainer.Online;

/// <summary>
/// How much traffic each of any number of namespaces has brought of late, in memory that does not grow: a count-min sketch (Cormode and
/// Muthukrishnan 2005) with conservative update (Estan and Varghese 2002), of which all counts are halved whenever as many tokens as
/// <see cref="Window"/> have come, as TinyLFU ages its own (Einziger et al. 2017). An estimate is never below the true count. Names are hashed
/// with the process's random key, so nobody can choose one that falls together with another.
/// </summary>
/// <param name="window">Tokens of all namespaces between two halvings.</param>
internal sealed class TrafficSketch(long window)
{
    private const int Rows = 4;
    private const int Bits = 11;

    // Odd, so that each is a permutation of its own; the upper bits of a product choose the counter.
    private static readonly uint[] Multipliers = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f];

    private readonly long[] _counts = new long[Rows << Bits];
    private long _sinceHalving;

    /// <summary>Tokens of all namespaces between two halvings.</summary>
    public long Window { get; } = window;

    /// <summary>Takes note of so many tokens.</summary>
    public void Add(string name, int tokens)
    {
        uint hash = (uint)name.GetHashCode(StringComparison.Ordinal);
        long count = Estimate(hash) + tokens;
        for (int row = 0; row < Rows; row++) Raise(ref At(row, hash), count);
        _sinceHalving += tokens;
        while (_sinceHalving >= Window) Halve();
    }

    /// <summary>Tokens of late, older ones counting less; at most a few more than there were.</summary>
    public long Estimate(string name) => Estimate((uint)name.GetHashCode(StringComparison.Ordinal));

    /// <summary>Takes a namespace's traffic out again. Others that share a counter with it may be underestimated for a while.</summary>
    public void Forget(string name)
    {
        uint hash = (uint)name.GetHashCode(StringComparison.Ordinal);
        long count = Estimate(hash);
        for (int row = 0; row < Rows; row++) At(row, hash) -= count;
    }

    private long Estimate(uint hash)
    {
        long least = long.MaxValue;
        for (int row = 0; row < Rows; row++) least = Math.Min(least, At(row, hash));
        return least;
    }

    private ref long At(int row, uint hash) => ref _counts[(row << Bits) + (int)(hash * Multipliers[row] >> (32 - Bits))];

    private void Halve()
    {
        _sinceHalving -= Window;
        for (int i = 0; i < _counts.Length; i++) _counts[i] >>= 1;
    }

    private static void Raise(ref long count, long to) => count = Math.Max(count, to);
}
