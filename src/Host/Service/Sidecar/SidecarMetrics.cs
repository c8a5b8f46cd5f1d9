using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service.Sidecar;

/// <summary>What a sidecar's engine counts, as figures of the service.</summary>
internal static class SidecarMetrics
{
    /// <summary>Adds them.</summary>
    public static void AddTo(MetricSet metrics, SidecarEngine engine)
    {
        var meters = engine.Meters;
        metrics.Counter("sidecar_draft_calls", "Calls of draft.", () => meters.Calls);
        metrics.Histogram("sidecar_draft_seconds", "Time of a call of draft, from its arrival to its answer.", meters.CallSeconds);
        metrics.Counter("spec_decode_num_drafts", "Drafts that were answered.", () => meters.Drafts);
        metrics.Counter("spec_decode_num_draft_tokens", "Draft tokens that were answered.", () => meters.Drafted);
        metrics.Counter("spec_decode_num_accepted_tokens", "Draft tokens that were committed then.", () => meters.Accepted);
        metrics.Counters(PositionCounts.Name, PositionCounts.Help, meters.AcceptedAt.Read);
        metrics.Counter("sidecar_committed_tokens", "Tokens committed behind prompts.", () => meters.Committed);
        if (engine.HiddenRefused is { } refused)
        {
            metrics.Counter("sidecar_hidden_states", "Committed tokens that came with the hidden state they were drawn from.", () => meters.Hidden);
            metrics.Counter("sidecar_hidden_refused", "Of these, states that could not be used: not finite, too large, or all zeros.", () => refused());
        }
        metrics.Counter("sidecar_drafts_ready", "Drafts that were ready before they were asked for.", () => meters.Ready);
        metrics.Gauge("sidecar_ready_share", "Part of the drafts that were ready before they were asked for.", () => meters.Drafts == 0 ? 0 : (double)meters.Ready / meters.Drafts);
        metrics.Counter("sidecar_deadlines_missed", "Sequences that got no draft because of the deadline.", () => meters.Late);
        metrics.Counter("sidecar_refused", "Sequences that were refused: unknown, stale, ahead or too long.", () => meters.Refused);
        metrics.Counter("speculator_faults", "Failures of speculators; their drafts were missing.", () => meters.SpeculatorFaults);
        ControllerFigures.AddTo(metrics, engine.Controller);
        metrics.Counter("trainer_faults", "Failures in the background, such as a checkpoint that could not be written.", () => engine.Faults);
        TrainerFigures.AddTo(metrics, engine.Learning);
    }
}
