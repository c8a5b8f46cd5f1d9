namespace Atlas.Controller.Calibration;

/// <summary>
/// From the highest of its proposers' probabilities to that of a node, by what the other speculators said at its position. Each speculator's own
/// calibration is over all it ever drafts; a token that another draft contradicts is accepted less often than that, one that another confirms
/// more often. Not thread-safe; allocates nothing.
/// </summary>
internal sealed class Consensus
{
    // One proposer or several, and whether any speculator proposed something else instead.
    private const int Opinions = 4;
    private const int Agreed = 2;
    private const int Disputed = 1;

    private readonly ConfidenceCalibrator[] _calibrators = [.. Enumerable.Range(0, Opinions).Select(_ => new ConfidenceCalibrator())];

    /// <summary>The probability of a node.</summary>
    /// <param name="highest">The highest of its proposers' probabilities.</param>
    /// <param name="proposers">Bit mask of those who proposed it.</param>
    /// <param name="present">Bit mask of those who proposed it or another child of its parent.</param>
    public float Probability(float highest, int proposers, int present) => Of(proposers, present).Probability(highest);

    /// <summary>Learns from a node whose parent was accepted; parameters as in <see cref="Probability"/>.</summary>
    public void Observe(float highest, int proposers, int present, bool accepted) => Of(proposers, present).Observe(highest, accepted);

    /// <summary>Lets what was learned count only that fraction, 0 to 1.</summary>
    public void Discount(double fraction)
    {
        foreach (var calibrator in _calibrators) calibrator.Discount(fraction);
    }

    /// <summary>Takes up what another has learned, at that fraction, 0 to 1, of its weight.</summary>
    public void CopyFrom(Consensus other, double fraction)
    {
        for (int i = 0; i < Opinions; i++) _calibrators[i].CopyFrom(other._calibrators[i], fraction);
    }

    /// <summary>A copy of the counts, to be stored.</summary>
    public IReadOnlyList<double[]> Save() => [.. _calibrators.Select(calibrator => calibrator.Save())];

    /// <summary>Takes stored counts up again.</summary>
    /// <exception cref="ArgumentException">They are not what <see cref="Save"/> could have written.</exception>
    public void Load(IReadOnlyList<double[]> counts)
    {
        if (counts.Count != Opinions) throw new ArgumentException($"{counts.Count} sets of counts; expected {Opinions}", nameof(counts));
        for (int i = 0; i < Opinions; i++) _calibrators[i].Load(counts[i]);
    }

    private ConfidenceCalibrator Of(int proposers, int present) =>
        _calibrators[((proposers & (proposers - 1)) != 0 ? Agreed : 0) | ((present & ~proposers) != 0 ? Disputed : 0)];
}
