using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>Finished replays with what a report says about them.</summary>
/// <param name="Name">Short.</param>
/// <param name="Runs">One, or one for each seed of a scenario; the first is shown whole, the others by their spread.</param>
/// <param name="Expected">What the source says is to be seen; null where it says nothing.</param>
/// <param name="Manner">How they were made.</param>
/// <param name="Provenance">Where they were made.</param>
internal sealed record ReplaySummary(string Name, IReadOnlyList<ReplayRun> Runs, string? Expected, ReplayManner Manner, Provenance Provenance)
{
    /// <summary>What the first run replayed.</summary>
    public string Source => Runs[0].Source;

    /// <summary>What was done in the first run.</summary>
    public ReplayLog Log => Runs[0].Log;

    /// <summary>Whether there is a regret to report: atlas, and an oracle to compare it with.</summary>
    public bool HasRegret => Log.Strategies.Contains(ReplayStrategies.Atlas) && Log.Singles.Count > 1;

    /// <summary>Whether every strategy emitted plain decoding's tokens in every run; null where they were recorded.</summary>
    public bool? Identical => Runs.All(run => run.Differences is null) ? null : Runs.All(run => run.Differences is { Count: 0 });

    /// <summary>One paragraph that says what the first run has shown.</summary>
    public string Conclusion => ReplayConclusion.Of(Log, Manner.Modelled);

    /// <summary>A figure over all runs.</summary>
    public Spread Over(Func<ReplayLog, double> figure) => Spread.Of(Runs.Select(run => figure(run.Log)));

    /// <summary>Regret of atlas over all runs; only where there is one.</summary>
    public Spread Regret => Over(log => log.Regret(ReplayStrategies.Atlas));
}
