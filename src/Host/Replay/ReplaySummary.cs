using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>Finished replays with what a report says about them.</summary>
/// <param name="Runs">One, or one for each seed of a scenario; the first is shown whole, the others by their spread.</param>
/// <param name="Expected">What the source says is to be seen; null where it says nothing.</param>
/// <param name="Latency">The latency table that speedups are by.</param>
/// <param name="Lookahead">Draft tokens per step of the strategies without a controller.</param>
internal sealed record ReplaySummary(IReadOnlyList<ReplayRun> Runs, string? Expected, string Latency, int Lookahead)
{
    /// <summary>What the first run replayed.</summary>
    public string Source => Runs[0].Source;

    /// <summary>What was done in the first run.</summary>
    public ReplayLog Log => Runs[0].Log;

    /// <summary>Whether there is a regret to report: atlas, and an oracle to compare it with.</summary>
    public bool HasRegret => Log.Strategies.Contains(ReplayStrategies.Atlas) && Log.Singles.Count > 1;

    /// <summary>A figure over all runs.</summary>
    public Spread Over(Func<ReplayLog, double> figure) => Spread.Of(Runs.Select(run => figure(run.Log)));
}
