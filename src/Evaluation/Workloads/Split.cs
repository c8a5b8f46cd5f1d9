namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Which half of a workload an item belongs to. The two halves share words and value types, but no entity (see
/// <see cref="Partition"/>) and no phrasing (see <see cref="PhraseBook"/>), so an evaluation prompt never occurs in training text.
/// </summary>
public enum Split
{
    /// <summary>Items that models may be trained on.</summary>
    Training = 0,

    /// <summary>Held-out items, for tests, demonstrations and published figures.</summary>
    Evaluation = 1,
}
