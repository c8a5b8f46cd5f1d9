namespace Atlas.Controller.Drift;

/// <summary>
/// Watches whether the first token of a speculator's drafts is accepted. Neighbouring drafts succeed and fail together, so the window is fed
/// means of blocks. Allocates nothing.
/// </summary>
internal sealed class AcceptanceMonitor(double confidence)
{
    private const int Block = 16;

    private readonly AdaptiveWindow _window = new(confidence);
    private int _count;
    private int _accepted;

    /// <summary>Mean acceptance in the window.</summary>
    public double Mean => _window.Mean;

    /// <summary>Takes one draft; returns whether the acceptance has changed.</summary>
    public bool Add(bool accepted, out double before)
    {
        before = _window.Mean;
        if (accepted) _accepted++;
        if (++_count < Block) return false;
        double mean = (double)_accepted / _count;
        _count = _accepted = 0;
        return _window.Add(mean);
    }
}
