using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>A finished run, with what it came from, in a form to be written down.</summary>
/// <param name="Identity">What it came from.</param>
/// <param name="Trace">What was replayed.</param>
/// <param name="Strategies">What was done.</param>
/// <param name="Differences">Completions that differed from plain decoding's; null where none were generated.</param>
internal sealed record KeptRun(RunIdentity Identity, ReplayOutline Trace, IReadOnlyList<StrategyLog> Strategies, IReadOnlyList<OutputDifference>? Differences)
{
    public static KeptRun Of(RunIdentity identity, ReplayRun run) => new(identity, run.Log.Trace, run.Log.TakeApart(), run.Differences);

    /// <summary>The run again, as one of the source that it is asked for by.</summary>
    /// <exception cref="InvalidDataException">What is written down is no whole run.</exception>
    public ReplayRun Restore(string source) => new(source, ReplayLog.Restore(Trace, Strategies), Differences);
}
