namespace Atlas.Evaluation.Reports;

/// <summary>Round numbers for an axis: multiples of 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels", 1990).</summary>
public static class AxisTicks
{
    /// <summary>The ticks within a range, ends included where they are round.</summary>
    /// <param name="low">Finite.</param>
    /// <param name="high">Finite and above <paramref name="low"/>.</param>
    /// <param name="most">About how many, 2 or more.</param>
    /// <exception cref="ArgumentException">The range is empty or not finite.</exception>
    public static IReadOnlyList<double> Between(double low, double high, int most)
    {
        if (!(high > low) || !double.IsFinite(high - low)) throw new ArgumentException($"an axis from {low} to {high}; expected a finite range", nameof(high));
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        double step = Step(high - low, most);
        var ticks = new List<double>();
        for (double i = Math.Ceiling(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.Add(i * step + 0.0);
        return ticks;
    }

    /// <summary>The smallest round number that is no less than a value, which must be positive: where an axis from 0 may end.</summary>
    public static double RoundUp(double value)
    {
        double step = Step(value, 5);
        return Math.Ceiling(value / step - 1e-9) * step;
    }

    private static double Step(double range, int most)
    {
        double raw = range / most, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        foreach (double factor in new[] { 1.0, 2.0, 5.0 })
            if (factor * power >= raw * (1 - 1e-9))
                return factor * power;
        return 10 * power;
    }
}
