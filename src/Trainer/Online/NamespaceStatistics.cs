namespace Atlas.Trainer.Online;

/// <summary>How the learning of one namespace stands.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="Version">Published version; 0 for the base.</param>
/// <param name="Windows">Examples received to learn from.</param>
/// <param name="HeldOut">Examples kept for the shadow test.</param>
/// <param name="Updates">Optimizer updates applied.</param>
/// <param name="RefusedUpdates">Updates refused because the gradient was not finite.</param>
/// <param name="Published">Versions published.</param>
/// <param name="RolledBack">Versions rolled back.</param>
/// <param name="Rejected">Candidates that the shadow test refused.</param>
/// <param name="Pauses">Times that learning paused because nothing was gained.</param>
/// <param name="IsPaused">Whether it is paused now.</param>
/// <param name="CandidateScore">Acceptance length of the last candidate in shadow; 0 before the first.</param>
/// <param name="PublishedScore">Acceptance length of what was published then, on the same examples; 1 where nothing was.</param>
/// <param name="LiveRate">Acceptance rate of the published version's first draft tokens in live traffic.</param>
/// <param name="LastLoss">Mean cross-entropy of the last batch against the target, in nats.</param>
public sealed record NamespaceStatistics(
    string Name, long Version, long Windows, int HeldOut, long Updates, long RefusedUpdates, long Published, long RolledBack, long Rejected,
    long Pauses, bool IsPaused, double CandidateScore, double PublishedScore, double LiveRate, double LastLoss)
{
    /// <summary>Steps of it that were dropped because the trainer did not keep up, or had no place for it then.</summary>
    public long Dropped { get; init; }
}
