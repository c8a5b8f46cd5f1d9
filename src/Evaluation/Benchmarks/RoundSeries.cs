namespace Atlas.Evaluation.Benchmarks;

/// <summary>
/// One figure per round of a benchmark. What is compared is compared within a round, where a noisy neighbour slows both sides, and only
/// then is the median taken. Immutable.
/// </summary>
public sealed class RoundSeries
{
    private readonly double[] _values;

    /// <summary>Figures in the order of rounds, at least one.</summary>
    public RoundSeries(IEnumerable<double> values)
    {
        _values = [.. values];
        if (_values.Length == 0) throw new ArgumentException("a series has no rounds; expected at least one", nameof(values));
    }

    /// <summary>Figures in the order of rounds.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    public double Median => Quantile(0.5);

    /// <summary>A quarter of the rounds lie below, interpolated.</summary>
    public double LowerQuartile => Quantile(0.25);

    /// <summary>A quarter of the rounds lie above, interpolated.</summary>
    public double UpperQuartile => Quantile(0.75);

    /// <summary>Half the distance between the quartiles over the median.</summary>
    public double Spread => (UpperQuartile - LowerQuartile) / 2 / Median;

    /// <summary>Combines with another series round by round.</summary>
    /// <exception cref="ArgumentException">The other has another number of rounds.</exception>
    public RoundSeries With(RoundSeries other, Func<double, double, double> combine)
    {
        if (other._values.Length != _values.Length)
            throw new ArgumentException($"the other series has {other._values.Length} rounds; expected {_values.Length}", nameof(other));
        return new RoundSeries(_values.Zip(other._values, combine));
    }

    /// <summary>The quotient round by round.</summary>
    public RoundSeries Over(RoundSeries other) => With(other, (a, b) => a / b);

    private double Quantile(double fraction)
    {
        double[] sorted = [.. _values.Order()];
        double at = fraction * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
