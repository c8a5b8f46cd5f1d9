using Atlas.Controller;
using Atlas.Controller.Drift;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Engine;
using Atlas.Evaluation.Scenarios;
using Atlas.Speculator.Adaptive;

namespace Atlas.Evaluation.Replay;

/// <summary>
/// One way to decode a recorded trace, whole: target, speculators with their stores and weights, planner, learning. Stacks share nothing. Used
/// from one thread.
/// </summary>
public sealed class ReplayStack : IDisposable
{
    /// <summary>As reported.</summary>
    public required string Name { get; init; }

    /// <summary>The step.</summary>
    public required SpeculativeDecoder Decoder { get; init; }

    /// <summary>What was said, and how long saying it took.</summary>
    public required RecordedTarget Target { get; init; }

    /// <summary>What drafting took.</summary>
    public required DraftMeter Meter { get; init; }

    /// <summary>Whose time counts.</summary>
    public required ReplayClock Clock { get; init; }

    /// <summary>Most draft nodes of a sequence.</summary>
    public required int DraftCapacity { get; init; }

    /// <summary>The controller; null where the budget is fixed.</summary>
    public AdaptivePlanner? Planner { get; init; }

    /// <summary>Who drafts; null where nobody does.</summary>
    internal TextSpeculators? Text { get; init; }

    /// <summary>What learns; null where nothing does.</summary>
    internal ReplayLearner? Learner { get; init; }

    /// <summary>What the controller noticed of drift, in its order.</summary>
    internal IReadOnlyList<DriftEvent> Drifts { get; init; } = [];

    /// <summary>Decodes one request to the end of its recorded output, and says what that took.</summary>
    /// <param name="id">Distinct among the requests of this stack.</param>
    /// <param name="request">The request.</param>
    public ReplayTotals Decode(long id, ReplayRequest request)
    {
        var stop = new StopRules(request.Output.Length, []);
        var sequence = new DecodeSequence(id, request.Prompt, SamplingOptions.Greedy, stop, DraftCapacity) { Namespace = request.Namespace, Class = request.Class };
        var (drafting, forwards) = (Meter.Work, Target.Seconds);
        Target.Begin(sequence, request.Output);
        Learner?.Open(request.Namespace);
        long start = Clock.GetTimestamp();
        var batch = new[] { sequence };
        while (sequence.Finish is null) Decoder.Step(batch);
        Decoder.Release(sequence);
        double seconds = Clock.GetElapsedTime(start).TotalSeconds;
        return ReplayTotals.Of(sequence.Statistics, Meter.Work - drafting) with
        {
            TimedTokens = sequence.Statistics.Emitted,
            Seconds = seconds,
            ForwardSeconds = Target.Seconds - forwards,
            LatencySeconds = double.NaN,
        };
    }

    /// <summary>What the controller has counted since the stack's beginning.</summary>
    public StrategyState State() => Planner is null
        ? StrategyState.None
        : StrategyState.Of(Planner.Metrics, Drifts.Select(d => FormattableString.Invariant($"{d.Speculator} in {d.Namespace}: {d.Before:F2} to {d.After:F2}")));

    /// <inheritdoc/>
    public void Dispose()
    {
        Learner?.Dispose();
        Text?.Dispose();
    }
}
