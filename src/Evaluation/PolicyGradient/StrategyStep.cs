using Atlas.Evaluation.Rollouts;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>What one strategy did in one step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rewards">What its own samples earned, in their order.</param>
/// <param name="Identical">Whether its tokens and log-probabilities are those of plain decoding, to the bit.</param>
/// <param name="Totals">What it took.</param>
public sealed record StrategyStep(string Name, double[] Rewards, bool Identical, RolloutTotals Totals);
