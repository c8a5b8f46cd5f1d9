using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>A finished replay with what a report says about it.</summary>
/// <param name="Source">What was replayed.</param>
/// <param name="Expected">What its source says is to be seen; null where it says nothing.</param>
/// <param name="Latency">The latency table that speedups are by.</param>
/// <param name="Lookahead">Draft tokens per step of the strategies without a controller.</param>
/// <param name="Log">What was done.</param>
internal sealed record ReplaySummary(string Source, string? Expected, string Latency, int Lookahead, ReplayLog Log);
