namespace Atlas.Evaluation.Rollouts;

/// <summary>What a speculator's drafting takes on another machine, in milliseconds.</summary>
/// <param name="CallMs">A call, for the whole batch.</param>
/// <param name="LevelMs">Each level of depth, for the whole batch.</param>
/// <param name="TokenMs">Each draft token.</param>
public sealed record MachineDraftCost(double CallMs, double LevelMs, double TokenMs);
