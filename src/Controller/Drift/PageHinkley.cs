namespace Atlas.Controller.Drift;

/// <summary>
/// The Page-Hinkley test (Page, Biometrika 1954; Hinkley 1971), both ways: the sums of how far numbers lie above and below their mean so far,
/// less a slack, and never below 0; a sum that reaches the threshold is an alarm, after which the test starts anew. Not thread-safe; allocates
/// nothing.
/// </summary>
/// <param name="slack">Changes of the mean smaller than this are none.</param>
/// <param name="threshold">Sum at which it alarms: higher is later and surer.</param>
public sealed class PageHinkley(double slack, double threshold)
{
    private long _count;
    private double _above;
    private double _below;

    /// <summary>Mean of the numbers since the last alarm; 0 when there were none.</summary>
    public double Mean { get; private set; }

    /// <summary>Adds a number; returns whether the mean has changed. Numbers that are not finite are ignored.</summary>
    public bool Add(double value)
    {
        if (!double.IsFinite(value)) return false;
        Mean += (value - Mean) / ++_count;
        _above = Math.Max(0, _above + value - Mean - slack);
        _below = Math.Max(0, _below + Mean - value - slack);
        if (Math.Max(_above, _below) < threshold) return false;
        (_count, _above, _below, Mean) = (0, 0, 0, 0);
        return true;
    }
}
