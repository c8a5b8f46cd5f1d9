namespace Atlas.Controller.Calibration;

/// <summary>What is known of how far confidences can be trusted in one namespace, to be stored: counts as <see cref="ConfidenceCalibrator.Save"/> writes them.</summary>
/// <param name="Speculators">Of each speculator, by its name.</param>
/// <param name="Consensus">Of nodes by whether speculators agree on them; null where that was not stored, and begins anew.</param>
public sealed record CalibrationState(IReadOnlyDictionary<string, double[]> Speculators, IReadOnlyList<double[]>? Consensus);
