using Atlas.Controller.Metrics;

namespace Atlas.Host.Service.Metrics;

/// <summary>What a controller counts, as figures of the service.</summary>
internal static class ControllerFigures
{
    /// <summary>Adds gain over plain decoding, drift events, and draft tokens by speculator.</summary>
    public static void AddTo(MetricSet metrics, ControllerMetrics controller)
    {
        metrics.Gauge("gain_over_plain", "Goodput over that of plain decoding, of late.", () => controller.GainOverPlain);
        metrics.Counter("drift_events", "Changes of the traffic that were noticed.", () => controller.DriftEvents);
        foreach (var speculator in controller.Speculators)
        {
            var label = new MetricLabel("speculator", speculator.Name);
            metrics.Counter("speculator_draft_tokens", "Draft tokens verified, by who proposed them.", () => speculator.Drafted, label);
            metrics.Counter("speculator_accepted_tokens", "Draft tokens accepted, by who proposed them.", () => speculator.Accepted, label);
        }
    }
}
