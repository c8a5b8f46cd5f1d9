using Atlas.Controller.Calibration;
using Atlas.Core.Drafting;

namespace Atlas.Controller.Budget;

/// <summary>A speculator's early stop in one namespace: its calibration there, and the price of a further token in this step.</summary>
internal sealed class DraftGate(ConfidenceCalibrator calibrator) : IDraftGate
{
    /// <inheritdoc/>
    public float Threshold { get; set; }

    /// <inheritdoc/>
    public float Probability(float confidence) => calibrator.Probability(confidence);
}
