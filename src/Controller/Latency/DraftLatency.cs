using Atlas.Core.Decoding;

namespace Atlas.Controller.Latency;

/// <summary>
/// Learns a speculator's <see cref="DraftCost"/> from its calls: discounted least squares without negative coefficients, held to the cost
/// expected at start where the calls say nothing (they may all have the same depth). The first call does not count, and any other's influence is
/// bounded; while it is not called what was learned fades, so that a stall, or a time that is over, does not keep a speculator out for good. Not
/// thread-safe; allocates nothing.
/// </summary>
public sealed class DraftLatency
{
    private const double Kept = 0.98;
    private const double PriorWeight = 0.05;
    private const double MostOver = 2.0;
    private const double KeptAtRest = 0.995;
    private const int RestsPerSolution = 64;

    private const int Terms = 4;

    private readonly double[] _products = new double[Terms * Terms];
    private readonly double[] _times = new double[Terms];
    private readonly double[] _cost;
    private readonly double[] _expected;
    private long _calls;
    private int _rests;

    /// <summary>A model that expects that cost until it has seen calls.</summary>
    public DraftLatency(DraftCost expected)
    {
        _expected = [expected.PerCall, expected.PerLevel, expected.PerToken, expected.PerRead];
        _cost = [.. _expected];
    }

    /// <summary>The cost as known now.</summary>
    public DraftCost Cost => new(_cost[0], _cost[1], _cost[2]) { PerRead = _cost[3] };

    /// <summary>Mean sequences of a call, discounted; 1 before the first.</summary>
    public double Sequences { get; private set; } = 1;

    /// <summary>Learns from a call; times that are not positive numbers are ignored.</summary>
    /// <param name="timing">The call.</param>
    /// <param name="read">Tokens of text that the speculator had to read in it first.</param>
    public void Observe(in DraftTiming timing, int read = 0)
    {
        if (!(timing.Seconds > 0 && double.IsFinite(timing.Seconds))) return;
        // The first call finds code that is not compiled and caches that are cold: it says nothing of those to come.
        if (_calls++ == 0) return;
        Sequences += 0.1 * (timing.Sequences - Sequences);
        double seconds = timing.Seconds, predicted = Cost.Of(timing.Levels, timing.Tokens, read);
        // A first long reading has nothing to be measured against.
        bool known = read == 0 || _cost[3] > 0;
        if (predicted > 0 && known) seconds = Math.Min(seconds, MostOver * predicted);
        ReadOnlySpan<double> x = [1, timing.Levels, timing.Tokens, read];
        Fade(Kept);
        for (int i = 0; i < Terms; i++)
        {
            _times[i] += x[i] * seconds;
            for (int j = 0; j < Terms; j++) _products[i * Terms + j] += x[i] * x[j];
        }
        Solve();
    }

    /// <summary>A step in which it was not called.</summary>
    public void Rest()
    {
        Fade(KeptAtRest);
        if (++_rests % RestsPerSolution == 0) Solve();
    }

    private void Fade(double kept)
    {
        foreach (ref double time in _times.AsSpan()) time *= kept;
        foreach (ref double product in _products.AsSpan()) product *= kept;
    }

    // Coordinate descent from the last solution; each coefficient at least 0.
    private void Solve()
    {
        for (int sweep = 0; sweep < 4; sweep++)
            for (int i = 0; i < Terms; i++)
            {
                double rest = _times[i] + PriorWeight * _expected[i];
                for (int j = 0; j < Terms; j++)
                    if (j != i)
                        rest -= _products[i * Terms + j] * _cost[j];
                _cost[i] = Math.Max(0, rest / (_products[i * Terms + i] + PriorWeight));
            }
    }
}
