using Atlas.Core.Decoding;

namespace Atlas.Controller.Latency;

/// <summary>
/// Learns a speculator's <see cref="DraftCost"/> from its calls: discounted least squares without negative coefficients, held to the cost
/// expected at start where the calls say nothing (they may all have the same depth). One call's influence is bounded. Not thread-safe;
/// allocates nothing.
/// </summary>
public sealed class DraftLatency
{
    private const double Kept = 0.98;
    private const double PriorWeight = 0.05;
    private const int FreeCalls = 8;
    private const double MostOver = 2.0;

    private readonly double[] _products = new double[9];
    private readonly double[] _times = new double[3];
    private readonly double[] _cost;
    private readonly double[] _expected;
    private long _calls;

    /// <summary>A model that expects that cost until it has seen calls.</summary>
    public DraftLatency(DraftCost expected)
    {
        _expected = [expected.PerCall, expected.PerLevel, expected.PerToken];
        _cost = [.. _expected];
    }

    /// <summary>The cost as known now.</summary>
    public DraftCost Cost => new(_cost[0], _cost[1], _cost[2]);

    /// <summary>Mean sequences of a call, discounted; 1 before the first.</summary>
    public double Sequences { get; private set; } = 1;

    /// <summary>Learns from a call; times that are not positive numbers are ignored.</summary>
    public void Observe(in DraftTiming timing)
    {
        if (!(timing.Seconds > 0 && double.IsFinite(timing.Seconds))) return;
        Sequences += 0.1 * (timing.Sequences - Sequences);
        double seconds = timing.Seconds, predicted = Cost.Of(timing.Levels, timing.Tokens);
        if (++_calls > FreeCalls && predicted > 0) seconds = Math.Min(seconds, MostOver * predicted);
        ReadOnlySpan<double> x = [1, timing.Levels, timing.Tokens];
        for (int i = 0; i < 3; i++)
        {
            _times[i] = _times[i] * Kept + x[i] * seconds;
            for (int j = 0; j < 3; j++) _products[i * 3 + j] = _products[i * 3 + j] * Kept + x[i] * x[j];
        }
        Solve();
    }

    // Coordinate descent from the last solution; each coefficient at least 0.
    private void Solve()
    {
        for (int sweep = 0; sweep < 4; sweep++)
            for (int i = 0; i < 3; i++)
            {
                double rest = _times[i] + PriorWeight * _expected[i];
                for (int j = 0; j < 3; j++)
                    if (j != i)
                        rest -= _products[i * 3 + j] * _cost[j];
                _cost[i] = Math.Max(0, rest / (_products[i * 3 + i] + PriorWeight));
            }
    }
}
