namespace Atlas.Controller.Drift;

/// <summary>
/// Watches whether the first token of a speculator's drafts is accepted. Neighbouring drafts succeed and fail together, so the test is fed
/// means of blocks. Allocates nothing.
/// </summary>
/// <param name="threshold">Of the test, in blocks.</param>
internal sealed class AcceptanceMonitor(double threshold)
{
    private const int Block = 8;
    private const double Slack = 0.1;
    private const double RecentRate = 0.3;

    private readonly PageHinkley _test = new(Slack, threshold);
    private int _count;
    private int _accepted;

    /// <summary>Mean acceptance of the last few blocks.</summary>
    public double Recent { get; private set; }

    /// <summary>Mean acceptance before the last change.</summary>
    public double Before { get; private set; }

    /// <summary>Takes one draft; returns whether the acceptance has changed.</summary>
    public bool Add(bool accepted)
    {
        if (accepted) _accepted++;
        if (++_count < Block) return false;
        double mean = (double)_accepted / Block;
        _count = _accepted = 0;
        Recent += RecentRate * (mean - Recent);
        double before = _test.Mean;
        if (!_test.Add(mean)) return false;
        Before = before;
        return true;
    }
}
