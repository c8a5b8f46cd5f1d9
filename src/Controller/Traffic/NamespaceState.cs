using Atlas.Controller.Calibration;
using Atlas.Controller.Drift;
using Atlas.Controller.Guard;
using Atlas.Controller.Metrics;
using Atlas.Controller.Rounds;

namespace Atlas.Controller.Traffic;

/// <summary>
/// What the controller has learned of one namespace's traffic: of all of it, and of each kind of its requests. Nothing of it is shared with other
/// namespaces.
/// </summary>
internal sealed class NamespaceState
{
    private readonly ControllerOptions _options;
    private readonly ControllerMetrics _metrics;
    private readonly RequestKinds _kinds;

    /// <summary>A namespace that has seen nothing.</summary>
    public NamespaceState(string name, ControllerOptions options, ControllerMetrics metrics)
    {
        Name = name;
        _options = options;
        _metrics = metrics;
        All = new TrafficState(options);
        _kinds = new RequestKinds(options.MaxKinds);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Requests being decoded.</summary>
    public int Live { get; set; }

    /// <summary>The controller's step in which it was last used.</summary>
    public long LastUsed { get; set; }

    /// <summary>What was learned of all its requests.</summary>
    public TrafficState All { get; }

    /// <summary>Whether speculation passed in its last step.</summary>
    public GuardState Guard { get; set; } = GuardState.Open;

    /// <summary>What it may spend on trials that are due.</summary>
    public TrialAllowance Trials { get; } = new();

    /// <summary>Whether kinds of its requests are told apart.</summary>
    public bool HasKinds => _kinds.Any;

    /// <summary>What was learned of requests with prompts like this one.</summary>
    public TrafficState TrafficOf(ReadOnlySpan<int> prompt) => _kinds.Of(prompt, All);

    /// <summary>A request of some kind has ended after so many tokens.</summary>
    public void Ended(TrafficState kind, int emitted)
    {
        Live--;
        Trials.Earn(emitted);
        All.Ended(emitted);
        if (kind != All) kind.Ended(emitted);
    }

    /// <summary>Copies what calibration has learned of all its requests; kinds begin from that.</summary>
    public CalibrationState SaveCalibration() => new(
        All.Calibrators.Select((calibrator, i) => (_options.Speculators[i].Name, Counts: calibrator.Save())).ToDictionary(one => one.Name, one => one.Counts),
        All.Consensus.Save());

    /// <summary>Takes up what calibration had learned of the speculators that there are.</summary>
    /// <exception cref="ArgumentException">It holds no counts.</exception>
    public void LoadCalibration(CalibrationState state)
    {
        if (state.Consensus is { } consensus) All.Consensus.Load(consensus);
        for (int i = 0; i < All.Calibrators.Length; i++)
            if (state.Speculators.TryGetValue(_options.Speculators[i].Name, out double[]? counts))
                All.Calibrators[i].Load(counts);
    }

    /// <summary>Learns from a node whose parent was accepted.</summary>
    /// <param name="kind">The traffic that its request belongs to.</param>
    /// <param name="proposers">Bit mask of those who proposed it.</param>
    /// <param name="present">Bit mask of those who proposed it or another child of its parent.</param>
    /// <param name="confidence">What each of them said of it.</param>
    /// <param name="predicted">The probability that was predicted from it when it was drafted.</param>
    /// <param name="accepted">Whether it was accepted.</param>
    public void LearnNode(TrafficState kind, int proposers, int present, ReadOnlySpan<float> confidence, float predicted, bool accepted)
    {
        _metrics.Predicted(predicted, accepted);
        for (int i = 0; i < kind.Calibrators.Length; i++)
            if ((proposers >> i & 1) != 0)
                _metrics.Of(i).Predicted(kind.Calibrators[i].Probability(confidence[i]), accepted);
        All.LearnNode(proposers, present, confidence, accepted);
        if (kind != All) kind.LearnNode(proposers, present, confidence, accepted);
    }

    /// <summary>Learns from a draft that was judged whole. A change in all its traffic is a drift event, one in a kind only the kind's business.</summary>
    public void LearnDraft(TrafficState kind, FrozenDraft draft)
    {
        if (kind != All) kind.LearnDraft(draft);
        int changed = All.LearnDraft(draft);
        for (int i = 0; changed != 0; i++, changed >>= 1)
        {
            if ((changed & 1) == 0) continue;
            var (before, recent) = All.AcceptanceOf(i);
            _metrics.Drifted();
            _options.DriftObserver?.OnDrift(new DriftEvent(Name, _options.Speculators[i].Name, before, recent, _metrics.Steps));
        }
    }
}
