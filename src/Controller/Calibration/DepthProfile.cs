namespace Atlas.Controller.Calibration;

/// <summary>
/// How far drafts of a speculator hold on average: for each depth the discounted frequency with which a token there is accepted given that its
/// parent was. Depths that were never drafted have a prior, so that lookahead can grow again. Not thread-safe.
/// </summary>
internal sealed class DepthProfile(int maxDepth)
{
    private const double Kept = 0.995;
    private const double PriorAcceptance = 0.75;
    private const double PriorWeight = 4;

    private readonly double[] _accepted = new double[maxDepth];
    private readonly double[] _observed = new double[maxDepth];

    /// <summary>Learns from one draft: so many of its tokens on the emitted path held, and whether the next one was refused.</summary>
    public void Observe(int accepted, bool refused)
    {
        for (int d = 0; d < Math.Min(accepted, maxDepth); d++) Add(d, 1);
        if (refused && accepted < maxDepth) Add(accepted, 0);
    }

    /// <summary>
    /// The deepest level that pays on average: the probability to reach and hold it is at least <paramref name="least"/>. At least 1.
    /// </summary>
    public int DeepestPaying(double least)
    {
        double path = 1;
        int depth = 0;
        while (depth < maxDepth)
        {
            path *= (_accepted[depth] + PriorWeight * PriorAcceptance) / (_observed[depth] + PriorWeight);
            if (path < least) break;
            depth++;
        }
        return Math.Max(1, depth);
    }

    /// <summary>Lets what was learned count only that fraction, 0 to 1, of what it did.</summary>
    public void Discount(double fraction) => CopyFrom(this, fraction);

    /// <summary>Takes up what another of the same depth has learned, at that fraction of its weight.</summary>
    public void CopyFrom(DepthProfile other, double fraction)
    {
        for (int d = 0; d < maxDepth; d++)
        {
            _accepted[d] = other._accepted[d] * fraction;
            _observed[d] = other._observed[d] * fraction;
        }
    }

    private void Add(int depth, double accepted)
    {
        _accepted[depth] = _accepted[depth] * Kept + accepted;
        _observed[depth] = _observed[depth] * Kept + 1;
    }
}
