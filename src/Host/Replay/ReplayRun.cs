using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>One replay that has ended.</summary>
/// <param name="Source">What was replayed.</param>
/// <param name="Log">What was done.</param>
/// <param name="Differences">Completions that differed from plain decoding's; null where none were generated.</param>
internal sealed record ReplayRun(string Source, ReplayLog Log, IReadOnlyList<OutputDifference>? Differences = null);
