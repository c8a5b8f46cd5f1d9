namespace Atlas.Trainer.Online;

/// <summary>
/// How often the first draft token of a version was accepted in live traffic, for the published version and the one before it. The first
/// token, because how far drafts look ahead is the planner's choice and changes with the load.
/// </summary>
internal sealed class LiveRecord
{
    // Older steps fade: a record is that of the recent traffic.
    private const double MostDrafts = 4000;

    // Standard errors of the difference that count as worse.
    private const double Significance = 3;

    private (long Version, double Drafts, double Accepted) _current = (-1, 0, 0);
    private (long Version, double Drafts, double Accepted) _predecessor = (-1, 0, 0);

    /// <summary>Acceptance rate of the published version's first draft tokens; 0 before there were any.</summary>
    public double Rate => Of(_current);

    /// <summary>Drafts of the published version that it counts.</summary>
    public double Drafts => _current.Drafts;

    /// <summary>Acceptance rate of the version before; 0 where there is none.</summary>
    public double PredecessorRate => Of(_predecessor);

    /// <summary>A version takes the published one's place.</summary>
    public void Begin(long version)
    {
        _predecessor = _current;
        _current = (version, 0, 0);
    }

    /// <summary>Counts a draft.</summary>
    public void Add(long version, bool accepted)
    {
        if (version == _current.Version) Count(ref _current, accepted);
        else if (version == _predecessor.Version) Count(ref _predecessor, accepted);
    }

    /// <summary>Whether the published version has done worse than its predecessor by more than chance, each over enough drafts.</summary>
    public bool IsWorse(int leastDrafts)
    {
        if (_current.Drafts < leastDrafts || _predecessor.Drafts < leastDrafts) return false;
        double p = Of(_current), q = Of(_predecessor);
        double pooled = (_current.Accepted + _predecessor.Accepted) / (_current.Drafts + _predecessor.Drafts);
        double error = Math.Sqrt(pooled * (1 - pooled) * (1 / _current.Drafts + 1 / _predecessor.Drafts));
        return q - p > Significance * error;
    }

    /// <summary>The suspicion was wrong (the traffic has changed): the predecessor is no longer a measure.</summary>
    public void Acquit() => _predecessor = (-1, 0, 0);

    private static double Of((long Version, double Drafts, double Accepted) record) => record.Drafts == 0 ? 0 : record.Accepted / record.Drafts;

    private static void Count(ref (long Version, double Drafts, double Accepted) record, bool accepted)
    {
        record.Drafts++;
        if (accepted) record.Accepted++;
        if (record.Drafts >= MostDrafts) record = (record.Version, record.Drafts / 2, record.Accepted / 2);
    }
}
