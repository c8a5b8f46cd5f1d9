using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>What a service answered to one request of one strategy.</summary>
/// <param name="Tokens">What was emitted.</param>
/// <param name="Totals">What was counted.</param>
internal sealed record ServiceAnswer(int[] Tokens, ReplayTotals Totals);
