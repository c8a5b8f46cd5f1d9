using Atlas.Controller.Calibration;

namespace Atlas.Controller.Metrics;

/// <summary>What was counted of one speculator, over all namespaces. Written by the decoding thread; others may read a value that is a step old.</summary>
/// <param name="name">Its name.</param>
public sealed class SpeculatorMetrics(string name)
{
    private readonly CalibrationError _calibration = new();

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Times it was invoked for a sequence.</summary>
    public long Invoked { get; private set; }

    /// <summary>Draft tokens it proposed, verified or not.</summary>
    public long Proposed { get; private set; }

    /// <summary>Draft tokens it proposed that were verified.</summary>
    public long Drafted { get; private set; }

    /// <summary>Draft tokens it proposed that were accepted: its credit, shared with whoever else proposed the same path.</summary>
    public long Accepted { get; private set; }

    /// <summary>Accepted draft tokens that nobody else proposed.</summary>
    public long Alone { get; private set; }

    /// <summary>Accepted over verified; 0 when nothing was.</summary>
    public double AcceptanceRate => Drafted == 0 ? 0 : (double)Accepted / Drafted;

    /// <summary>Expected calibration error of its calibrated confidence; <see cref="CalibrationSamples"/> tokens.</summary>
    public double CalibrationError => _calibration.Value;

    /// <summary>Draft tokens that the calibration error is of.</summary>
    public long CalibrationSamples => _calibration.Samples;

    internal void Invoke() => Invoked++;

    internal void Propose(bool verified)
    {
        Proposed++;
        if (verified) Drafted++;
    }

    internal void Accept(bool alone)
    {
        Accepted++;
        if (alone) Alone++;
    }

    internal void Predicted(float probability, bool accepted) => _calibration.Add(probability, accepted);
}
