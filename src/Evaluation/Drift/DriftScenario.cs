namespace Atlas.Evaluation.Drift;

/// <summary>Traffic that changes, as a file describes it.</summary>
/// <param name="Name">Short, without blanks.</param>
/// <param name="Expected">What is expected to be seen when it is replayed.</param>
/// <param name="Seeds">Seeds to generate it with; at least one, all distinct.</param>
/// <param name="Arrivals">How requests arrive.</param>
/// <param name="Phases">At least one.</param>
public sealed record DriftScenario(string Name, string Expected, IReadOnlyList<ulong> Seeds, ArrivalProcess Arrivals, IReadOnlyList<DriftPhase> Phases)
{
    /// <summary>The same with only a part of every phase's requests, at least one: a shorter look at the same shifts.</summary>
    /// <param name="part">More than 0, at most 1.</param>
    public DriftScenario Shortened(double part) =>
        this with { Phases = [.. Phases.Select(phase => phase with { Requests = Math.Max(1, (int)Math.Round(phase.Requests * part)) })] };
}
