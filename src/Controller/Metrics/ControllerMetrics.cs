using Atlas.Controller.Calibration;

namespace Atlas.Controller.Metrics;

/// <summary>What the controller has counted. Written by the decoding thread; others may read values that are a step old.</summary>
public sealed class ControllerMetrics
{
    private readonly SpeculatorMetrics[] _speculators;
    private readonly CalibrationError _calibration = new();
    private readonly long[] _lookahead;

    internal ControllerMetrics(ControllerOptions options)
    {
        _speculators = [.. options.Speculators.Select(s => new SpeculatorMetrics(s.Name))];
        _lookahead = new long[options.Speculators.Max(s => s.MaxDepth) + 1];
    }

    /// <summary>Of each speculator, by index.</summary>
    public IReadOnlyList<SpeculatorMetrics> Speculators => _speculators;

    /// <summary>Steps planned.</summary>
    public long Steps { get; private set; }

    /// <summary>How often the verified draft of a sequence had each lookahead; element 0 counts plain steps.</summary>
    public ReadOnlySpan<long> Lookahead => _lookahead;

    /// <summary>Drift events raised.</summary>
    public long DriftEvents { get; private set; }

    /// <summary>Expected calibration error of the probabilities that decide (merged ones included); of <see cref="CalibrationSamples"/> tokens.</summary>
    public double CalibrationError => _calibration.Value;

    /// <summary>Draft tokens that the calibration error is of.</summary>
    public long CalibrationSamples => _calibration.Samples;

    /// <summary>Realised goodput of late over what the latency model says of plain decoding, all sequences together.</summary>
    public double GainOverPlain { get; internal set; } = 1;

    internal SpeculatorMetrics Of(int speculator) => _speculators[speculator];

    internal void Step() => Steps++;

    internal void Drifted() => DriftEvents++;

    internal void LookedAhead(int depth) => _lookahead[Math.Min(depth, _lookahead.Length - 1)]++;

    internal void Predicted(float probability, bool accepted) => _calibration.Add(probability, accepted);
}
