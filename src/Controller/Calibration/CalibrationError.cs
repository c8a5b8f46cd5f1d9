namespace Atlas.Controller.Calibration;

/// <summary>
/// Expected calibration error (Naeini et al., AAAI 2015): predictions in ten bins of equal width, the mean distance between predicted and
/// observed frequency, weighted by how many fell into each bin. Every prediction must have been made before its outcome was learned from.
/// Not thread-safe.
/// </summary>
public sealed class CalibrationError
{
    private const int Bins = 10;

    private readonly double[] _predicted = new double[Bins];
    private readonly long[] _accepted = new long[Bins];
    private readonly long[] _count = new long[Bins];

    /// <summary>Predictions counted: the sample size that belongs to <see cref="Value"/>.</summary>
    public long Samples { get; private set; }

    /// <summary>The error, 0 to 1; 0 before the first prediction.</summary>
    public double Value
    {
        get
        {
            double distance = 0;
            for (int i = 0; i < Bins; i++) distance += Math.Abs(_predicted[i] - _accepted[i]);
            return Samples == 0 ? 0 : distance / Samples;
        }
    }

    /// <summary>Counts a prediction, 0 to 1, and what came of it.</summary>
    public void Add(float probability, bool accepted)
    {
        int bin = Math.Clamp((int)(probability * Bins), 0, Bins - 1);
        _predicted[bin] += probability;
        _count[bin]++;
        if (accepted) _accepted[bin]++;
        Samples++;
    }

    /// <summary>Adds another's counts to these.</summary>
    public void Add(CalibrationError other)
    {
        for (int i = 0; i < Bins; i++)
        {
            _predicted[i] += other._predicted[i];
            _accepted[i] += other._accepted[i];
            _count[i] += other._count[i];
        }
        Samples += other.Samples;
    }

    /// <summary>A bin's mean prediction, observed frequency and count, for reliability diagrams.</summary>
    public (double Predicted, double Observed, long Count) Bin(int bin) =>
        _count[bin] == 0 ? (0, 0, 0) : (_predicted[bin] / _count[bin], (double)_accepted[bin] / _count[bin], _count[bin]);
}
