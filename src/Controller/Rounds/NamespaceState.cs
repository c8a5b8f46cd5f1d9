using Atlas.Controller.Budget;
using Atlas.Controller.Calibration;
using Atlas.Controller.Choice;
using Atlas.Controller.Drift;
using Atlas.Controller.Guard;
using Atlas.Controller.Metrics;

namespace Atlas.Controller.Rounds;

/// <summary>
/// What the controller has learned of one namespace's traffic: calibration, depth, estimates of the arms, drift, and its guard. Nothing of it
/// is shared with other namespaces.
/// </summary>
internal sealed class NamespaceState
{
    private const double KeptAfterDrift = 0.1;
    private const double OutputRate = 0.05;
    private const double LeastLeft = 16;
    private const int TrialsAfterDrift = 2;

    private readonly ControllerOptions _options;
    private readonly ControllerMetrics _metrics;
    private readonly AcceptanceMonitor[] _monitors;
    private double _meanOutput = 64;
    private int _requests;

    /// <summary>A namespace that has seen nothing.</summary>
    public NamespaceState(string name, ControllerOptions options, ControllerMetrics metrics)
    {
        Name = name;
        _options = options;
        _metrics = metrics;
        int speculators = options.Speculators.Count;
        Estimates = new ArmEstimates(speculators);
        Guard = new SpeedGuard(options.Guard);
        Calibrators = Each(_ => new ConfidenceCalibrator());
        Depths = Each(profile => new DepthProfile(profile.MaxDepth));
        Gates = [.. Calibrators.Select(c => new DraftGate(c))];
        _monitors = Each(_ => new AcceptanceMonitor(options.DriftThreshold));
        MeanDepth = Each(profile => profile.MaxDepth / 2.0);
        MeanTokens = Each(profile => profile.MaxDepth / 2.0);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Requests being decoded.</summary>
    public int Live { get; set; }

    /// <summary>The controller's step in which it was last used.</summary>
    public long LastUsed { get; set; }

    /// <summary>Requests that are to try every speculator, because the traffic has changed.</summary>
    public int TrialsDue { get; set; }

    /// <summary>Tokens and rows of the arms; where a new request begins.</summary>
    public ArmEstimates Estimates { get; }

    /// <summary>Stops speculation where it does not pay.</summary>
    public SpeedGuard Guard { get; }

    /// <summary>From confidence to probability, of each speculator.</summary>
    public ConfidenceCalibrator[] Calibrators { get; }

    /// <summary>From the highest of several proposers' probabilities to that of a node they agree on.</summary>
    public ConfidenceCalibrator Agreement { get; } = new();

    /// <summary>How far each speculator's drafts hold.</summary>
    public DepthProfile[] Depths { get; }

    /// <summary>Early stop of each speculator.</summary>
    public DraftGate[] Gates { get; }

    /// <summary>Levels that each speculator drafts when it is invoked.</summary>
    public double[] MeanDepth { get; }

    /// <summary>Tokens that each speculator drafts for one sequence when it is invoked.</summary>
    public double[] MeanTokens { get; }

    /// <summary>
    /// Tokens that a request is expected to emit yet: what is missing to the mean of its namespace, and where it has emitted more than that, as many
    /// again.
    /// </summary>
    /// <param name="emitted">Tokens it has emitted.</param>
    /// <param name="most">Tokens it may emit yet, at least 1.</param>
    public double ExpectedLeft(int emitted, int most) => Math.Min(most, Math.Max(LeastLeft, Math.Max(_meanOutput - emitted, emitted)));

    /// <summary>A request has ended after so many tokens.</summary>
    public void Ended(int emitted) => _meanOutput += Math.Max(OutputRate, 1.0 / (++_requests + 1)) * (emitted - _meanOutput);

    /// <summary>Tokens that calibration has learned from.</summary>
    public long Observations => Calibrators.Sum(calibrator => calibrator.Observations);

    /// <summary>Copies what calibration has learned.</summary>
    public CalibrationState SaveCalibration() => new(
        Calibrators.Select((calibrator, i) => (_options.Speculators[i].Name, Counts: CountsOf(calibrator))).ToDictionary(one => one.Name, one => one.Counts),
        CountsOf(Agreement));

    /// <summary>Takes up what calibration had learned of the speculators that there are.</summary>
    /// <exception cref="ArgumentException">It holds no counts.</exception>
    public void LoadCalibration(CalibrationState state)
    {
        Agreement.Load(state.Agreement);
        for (int i = 0; i < Calibrators.Length; i++)
            if (state.Speculators.TryGetValue(_options.Speculators[i].Name, out double[]? counts))
                Calibrators[i].Load(counts);
    }

    /// <summary>The probability of a node given what its proposers said.</summary>
    public float Probability(int proposers, ReadOnlySpan<float> confidence)
    {
        float probability = Highest(proposers, confidence);
        return IsShared(proposers) ? Agreement.Probability(probability) : probability;
    }

    /// <summary>Learns from a node whose parent was accepted.</summary>
    /// <param name="proposers">Who proposed it.</param>
    /// <param name="confidence">What each of them said.</param>
    /// <param name="predicted">The probability that was predicted from it when it was drafted.</param>
    /// <param name="accepted">Whether it was accepted.</param>
    public void LearnNode(int proposers, ReadOnlySpan<float> confidence, float predicted, bool accepted)
    {
        _metrics.Predicted(predicted, accepted);
        if (IsShared(proposers)) Agreement.Observe(Highest(proposers, confidence), accepted);
        for (int i = 0; i < Calibrators.Length; i++)
        {
            if ((proposers >> i & 1) == 0) continue;
            _metrics.Of(i).Predicted(Calibrators[i].Probability(confidence[i]), accepted);
            Calibrators[i].Observe(confidence[i], accepted);
        }
    }

    /// <summary>Learns from a draft that was judged whole.</summary>
    public void LearnDraft(FrozenDraft draft)
    {
        for (int arm = 1; arm < Estimates.Arms; arm++)
        {
            if ((arm & ~draft.Invoked) != 0) continue;
            var (accepted, rows) = draft.Outcome(arm);
            Estimates.Learn(arm, accepted, rows, draft.Observation[arm], _options.NamespaceRate);
        }
        for (int i = 0; i < Calibrators.Length; i++)
        {
            if ((draft.Drafted >> i & 1) == 0) continue;
            int accepted = draft.Accepted(i);
            Depths[i].Observe(accepted, (draft.Refused >> i & 1) != 0);
            if (_monitors[i].Add(accepted > 0, out double before)) OnDrift(i, before);
        }
    }

    // Old observations count little from now on: the new traffic is learned as fast as the first.
    private void OnDrift(int speculator, double before)
    {
        Calibrators[speculator].Discount(KeptAfterDrift);
        Agreement.Discount(KeptAfterDrift);
        Depths[speculator].Discount(KeptAfterDrift);
        Estimates.Loosen();
        Guard.Reconsider();
        TrialsDue = TrialsAfterDrift;
        var drift = new DriftEvent(Name, _options.Speculators[speculator].Name, before, _monitors[speculator].Recent, _metrics.Steps);
        _metrics.Drifted();
        _options.DriftObserver?.OnDrift(drift);
    }

    private float Highest(int proposers, ReadOnlySpan<float> confidence)
    {
        float highest = 0;
        for (int i = 0; i < Calibrators.Length; i++)
            if ((proposers >> i & 1) != 0)
                highest = Math.Max(highest, Calibrators[i].Probability(confidence[i]));
        return highest;
    }

    private static double[] CountsOf(ConfidenceCalibrator calibrator)
    {
        double[] counts = new double[ConfidenceCalibrator.StateLength];
        calibrator.Save(counts);
        return counts;
    }

    private static bool IsShared(int proposers) => (proposers & (proposers - 1)) != 0;

    private T[] Each<T>(Func<SpeculatorProfile, T> make) => [.. _options.Speculators.Select(make)];
}
