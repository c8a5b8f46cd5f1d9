namespace Atlas.Evaluation.Rollouts;

/// <summary>What one strategy drew, and how.</summary>
/// <param name="Samples">In the order of the requests.</param>
/// <param name="Totals">What it took.</param>
public sealed record RolloutResult(IReadOnlyList<RolloutSample> Samples, RolloutTotals Totals);
