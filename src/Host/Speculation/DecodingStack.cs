using System.Diagnostics;
using Atlas.Controller;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;
using Atlas.Speculator.Adaptive.Recall;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Target;

namespace Atlas.Host.Speculation;

/// <summary>
/// One way to decode, whole: the step over a target with its speculators, their stores and weights, the controller and the trainers. Stacks
/// share the models' weights and nothing else. Used from the decoding thread; disposing it frees the trainers and their heads, not the models.
/// </summary>
internal sealed class DecodingStack : ITurnWork, IDisposable
{
    /// <summary>The step.</summary>
    public required SpeculativeDecoder Decoder { get; init; }

    /// <summary>The target that the step verifies with.</summary>
    public required TargetModel Target { get; init; }

    /// <summary>The suffix speculator and its stores; null where it takes no part.</summary>
    public SuffixSpeculator? Suffix { get; init; }

    /// <summary>The recall speculator and its stores; null where it takes no part.</summary>
    public RecallSpeculator? Recall { get; init; }

    /// <summary>Most draft nodes of its sequences: as many as the speculators together may propose.</summary>
    public required int DraftCapacity { get; init; }

    /// <summary>The controller; null where the budget is fixed.</summary>
    public AdaptivePlanner? Planner { get; init; }

    /// <summary>What learns from the traffic.</summary>
    public StackTrainers Trainers { get; init; } = new(null, null);

    /// <summary>Keeps suffix stores and calibration over restarts; null where nothing is kept.</summary>
    public StackMemory? Memory { get; init; }

    /// <summary>What the controller noticed of drift.</summary>
    public DriftLog Drift { get; init; } = new();

    /// <summary>Whether the trainers learn; otherwise they only hold the weights that drafts are made with.</summary>
    public bool Learns { get; init; }

    /// <summary>What its controller and its trainers have counted so far; called between steps.</summary>
    public StrategyState State()
    {
        if (Planner?.Metrics is not { } metrics) return StrategyState.None;
        var drifts = Drift.Events.Select(e => FormattableString.Invariant($"{e.Speculator} {e.Before:F2} to {e.After:F2}"));
        return StrategyState.Of(metrics, drifts, Trainers.Published, Trainers.RolledBack);
    }

    /// <summary>The stack under a name, to be compared with others.</summary>
    public Strategy AsStrategy(string name) => new(name, Decoder, DraftCapacity, Learns ? this : null);

    /// <inheritdoc/>
    public void Begin()
    {
        if (Learns) Trainers.Start();
    }

    /// <inheritdoc/>
    public void AfterStep()
    {
        long start = Stopwatch.GetTimestamp();
        Memory?.AfterStep();
        if (Learns) Trainers.Turn(Planner);
        Planner?.OnLearned(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <inheritdoc/>
    public void End()
    {
        // What this turn verified is taken in before others take theirs.
        if (Learns) Trainers.Rest();
    }

    /// <summary>Deletes what was learned of a namespace, in memory and on disk; returns the bytes of text that its suffix store held.</summary>
    public long Forget(string name)
    {
        long before = Suffix?.Bytes ?? 0;
        Suffix?.Forget(name);
        Recall?.Forget(name);
        Planner?.Forget(name);
        // What still waits to be taken in would be learned again.
        Trainers.Rest();
        Trainers.Forget(name);
        Memory?.Forget(name);
        if (Learns) Trainers.Start();
        return before - (Suffix?.Bytes ?? 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Trainers.Dispose();
        Memory?.Dispose();
    }
}
