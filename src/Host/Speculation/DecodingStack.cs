using System.Diagnostics;
using Atlas.Controller;
using Atlas.Engine;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;
using Atlas.Speculator.Adaptive.Suffix;
using Atlas.Target;
using Atlas.Trainer.Online;

namespace Atlas.Host.Speculation;

/// <summary>
/// One way to decode, whole: the step over a target with its speculators, their stores and weights, the controller and the trainer. Stacks
/// share the models' weights and nothing else. Used from the decoding thread; disposing it frees the trainer and its heads, not the models.
/// </summary>
internal sealed class DecodingStack : ITurnWork, IDisposable
{
    /// <summary>The step.</summary>
    public required SpeculativeDecoder Decoder { get; init; }

    /// <summary>The target that the step verifies with.</summary>
    public required TargetModel Target { get; init; }

    /// <summary>The suffix speculator and its stores; null where it takes no part.</summary>
    public SuffixSpeculator? Suffix { get; init; }

    /// <summary>Most draft nodes of its sequences: as many as the speculators together may propose.</summary>
    public required int DraftCapacity { get; init; }

    /// <summary>The controller; null where the budget is fixed.</summary>
    public AdaptivePlanner? Planner { get; init; }

    /// <summary>Learns from the traffic; null where nothing is learned.</summary>
    public OnlineTrainer? Trainer { get; init; }

    /// <summary>Keeps suffix stores and calibration over restarts; null where nothing is kept.</summary>
    public StackMemory? Memory { get; init; }

    /// <summary>What the controller noticed of drift.</summary>
    public DriftLog Drift { get; init; } = new();

    /// <summary>Whether the trainer learns; otherwise it only holds the weights that drafts are made with.</summary>
    public bool Learns { get; init; }

    /// <summary>What its controller and its trainer have counted so far; called between steps.</summary>
    public StrategyState State()
    {
        if (Planner?.Metrics is not { } metrics) return StrategyState.None;
        var trainer = Trainer?.Statistics;
        var drifts = Drift.Events.Select(e => FormattableString.Invariant($"{e.Speculator} {e.Before:F2} to {e.After:F2}"));
        return StrategyState.Of(metrics, drifts, trainer?.Published ?? 0, trainer?.RolledBack ?? 0);
    }

    /// <summary>The stack under a name, to be compared with others.</summary>
    public Strategy AsStrategy(string name) => new(name, Decoder, DraftCapacity, Learns ? this : null);

    /// <inheritdoc/>
    public void Begin()
    {
        if (Learns) Trainer?.Start();
    }

    /// <inheritdoc/>
    public void AfterStep()
    {
        long start = Stopwatch.GetTimestamp();
        Memory?.AfterStep();
        if (Learns) Trainer?.Turn(Planner?.AffordsLearning ?? true);
        Planner?.OnLearned(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (!Learns) return;
        Trainer?.Pause();
        // What this turn verified is taken in before others take theirs.
        Trainer?.Pump();
    }

    /// <summary>Deletes what was learned of a namespace, in memory and on disk; returns the bytes of text that its suffix store held.</summary>
    public long Forget(string name)
    {
        long before = Suffix?.Bytes ?? 0;
        Suffix?.Forget(name);
        Planner?.Forget(name);
        if (Trainer is not null)
        {
            // What still waits to be taken in would be learned again.
            Trainer.Pause();
            Trainer.Pump();
            Trainer.Forget(name);
        }
        Memory?.Forget(name);
        if (Learns) Trainer?.Start();
        return before - (Suffix?.Bytes ?? 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Trainer?.Dispose();
        Memory?.Dispose();
    }
}
