namespace Atlas.Trainer.Online;

/// <summary>What a trainer has done so far.</summary>
/// <param name="Records">Steps taken from the channel.</param>
/// <param name="Dropped">Steps dropped because the trainer did not keep up, or had no place for their namespace.</param>
/// <param name="Refused">Steps refused: values that were not finite, or tokens outside the vocabulary.</param>
/// <param name="Stale">Steps refused because the target's weights had been replaced since.</param>
/// <param name="TurnSeconds">Time taken between decoding steps, on all of the engine's threads.</param>
/// <param name="BackgroundSeconds">Time of the background thread's own work.</param>
/// <param name="LongestTurn">Longest single turn, in seconds.</param>
/// <param name="Evicted">Namespaces given up for memory.</param>
/// <param name="Faults">Failures of the background thread, such as a checkpoint that could not be written.</param>
/// <param name="LastFault">The last of these, in one line; null where there was none.</param>
/// <param name="Namespaces">By namespace.</param>
public sealed record TrainerStatistics(
    long Records, long Dropped, long Refused, long Stale, double TurnSeconds, double BackgroundSeconds, double LongestTurn, long Evicted, long Faults,
    string? LastFault, IReadOnlyList<NamespaceStatistics> Namespaces)
{
    /// <summary>Of the dropped steps, those whose namespace had no place in the memory for learning.</summary>
    public long Unplaced { get; init; }

    /// <summary>Versions published in all namespaces.</summary>
    public long Published => Namespaces.Sum(n => n.Published);

    /// <summary>Versions rolled back in all namespaces.</summary>
    public long RolledBack => Namespaces.Sum(n => n.RolledBack);
}
