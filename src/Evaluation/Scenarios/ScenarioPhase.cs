namespace Atlas.Evaluation.Scenarios;

/// <summary>A stretch of traffic of one domain.</summary>
/// <param name="Domain">A workload's domain.</param>
/// <param name="SeenByDraft">Whether the draft model was trained on it; null where that is not known.</param>
/// <param name="Shifted">Whether the traffic has moved away from where it began.</param>
public sealed record ScenarioPhase(string Domain, bool? SeenByDraft, bool Shifted);
