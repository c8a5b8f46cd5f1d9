namespace Atlas.Controller.Calibration;

/// <summary>What is known of how far confidences can be trusted in one namespace, to be stored: counts as <see cref="ConfidenceCalibrator.Save"/> writes them.</summary>
/// <param name="Speculators">Of each speculator, by its name.</param>
/// <param name="Agreement">Of nodes that several speculators agree on.</param>
public sealed record CalibrationState(IReadOnlyDictionary<string, double[]> Speculators, double[] Agreement);
