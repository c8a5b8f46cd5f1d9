using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>One replay that has ended.</summary>
/// <param name="Source">What was replayed.</param>
/// <param name="Log">What was done.</param>
internal sealed record ReplayRun(string Source, ReplayLog Log);
