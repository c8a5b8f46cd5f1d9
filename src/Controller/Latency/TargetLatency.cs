namespace Atlas.Controller.Latency;

/// <summary>
/// Seconds of a target forward over n rows behind c cached tokens: linear in n between the rows that were measured at start, beyond them on
/// the last slope, and linear in c. Every step's time moves the two knots it lies between, and all others a little; what one observation can
/// move is bounded, so that a stall hardly counts. What was learned of larger forwards is forgotten slowly, for a little less than was measured at
/// start: a row count that was once seen to be dear is never tried again while it is thought so, and only a trial can tell. Never falls in n. Not
/// thread-safe; allocates nothing.
/// </summary>
public sealed class TargetLatency
{
    private const double MostStep = 0.25;
    private const double Rate = 0.05;
    private const double GlobalRate = 0.01;
    private const double Forgotten = 0.0005;
    private const double Hope = 0.8;

    private readonly LatencyProfile _profile;
    private readonly int[] _rows;
    private readonly double[] _seconds;
    private readonly double[] _measured;

    /// <summary>The model as it was measured.</summary>
    /// <exception cref="ArgumentException">Rows do not rise from 1, or seconds are not positive.</exception>
    public TargetLatency(LatencyProfile profile)
    {
        _profile = profile;
        _rows = [.. profile.Rows];
        _seconds = [.. profile.Seconds];
        if (_rows.Length < 2 || _rows.Length != _seconds.Length || _rows[0] != 1)
            throw new ArgumentException($"{_rows.Length} row counts and {_seconds.Length} times; expected as many of each, 2 or more, from 1 row on", nameof(profile));
        for (int i = 0; i < _rows.Length; i++)
            if (!(_seconds[i] > 0 && double.IsFinite(_seconds[i])) || (i > 0 && _rows[i] <= _rows[i - 1]))
                throw new ArgumentException($"{_rows[i]} rows take {_seconds[i]} s; expected rising rows and positive times", nameof(profile));
        LatencyProfile.BoundByLarger(_seconds);
        _measured = [.. _seconds];
    }

    /// <summary>Predicted seconds; <paramref name="rows"/> may be a mean.</summary>
    public double Seconds(double rows, double context)
    {
        int knot = Knot(rows);
        double part = Part(rows, knot);
        return _seconds[knot] + part * (_seconds[knot + 1] - _seconds[knot]) + ContextSeconds(rows, context);
    }

    /// <summary>
    /// Fewest seconds that a row can cost from here on: the least slope of the curve at or behind <paramref name="rows"/>.
    /// </summary>
    public double LeastRowSeconds(int rows, double context)
    {
        double least = double.MaxValue;
        for (int knot = Knot(rows); knot < _rows.Length - 1; knot++)
            least = Math.Min(least, (_seconds[knot + 1] - _seconds[knot]) / (_rows[knot + 1] - _rows[knot]));
        return least + _profile.PerRowContext * Math.Max(0, context - _profile.Context);
    }

    /// <summary>Learns from a forward; times that are not positive numbers are ignored.</summary>
    public void Observe(int rows, double context, double seconds)
    {
        if (!(seconds > 0 && double.IsFinite(seconds)) || rows < 1) return;
        int knot = Knot(rows);
        double part = Math.Clamp(Part(rows, knot), 0, 1);
        double error = Math.Clamp(Math.Log(seconds / Seconds(rows, context)), -MostStep, MostStep);
        double all = Math.Exp(GlobalRate * error);
        foreach (ref double known in _seconds.AsSpan()) known *= all;
        _seconds[knot] *= Math.Exp(Rate * (1 - part) * error);
        _seconds[knot + 1] *= Math.Exp(Rate * part * error);
        int seen = part > 0 ? knot + 1 : knot;
        double pace = _seconds[seen] / _measured[seen];
        for (int i = seen + 1; i < _seconds.Length; i++)
        {
            double hoped = _seconds[seen] + Hope * pace * (_measured[i] - _measured[seen]);
            _seconds[i] += Forgotten * (hoped - _seconds[i]);
        }
        for (int i = knot - 1; i >= 0; i--) _seconds[i] = Math.Min(_seconds[i], _seconds[i + 1]);
        for (int i = knot + 1; i < _seconds.Length; i++) _seconds[i] = Math.Max(_seconds[i], _seconds[i - 1]);
    }

    private double ContextSeconds(double rows, double context) =>
        (_profile.PerContext + rows * _profile.PerRowContext) * Math.Max(0, context - _profile.Context);

    private double Part(double rows, int knot) => (rows - _rows[knot]) / (_rows[knot + 1] - _rows[knot]);

    // The knot at or before so many rows, the last one but one at most.
    private int Knot(double rows)
    {
        int knot = 0;
        while (knot < _rows.Length - 2 && _rows[knot + 1] <= rows) knot++;
        return knot;
    }
}
