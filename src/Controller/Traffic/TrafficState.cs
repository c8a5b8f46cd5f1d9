using Atlas.Controller.Budget;
using Atlas.Controller.Calibration;
using Atlas.Controller.Choice;
using Atlas.Controller.Drift;
using Atlas.Controller.Guard;
using Atlas.Controller.Rounds;

namespace Atlas.Controller.Traffic;

/// <summary>
/// What the controller has learned of some traffic, all of a namespace or one kind of its requests: calibration, depth, and, for each load of the
/// batch, estimates of the arms and a guard.
/// </summary>
internal sealed class TrafficState
{
    private const double KeptAfterDrift = 0.1;
    private const double KeptFromAll = 0.25;
    private const double OutputRate = 0.05;
    private const double LeastLeft = 16;
    private const int Trials = 2;

    private readonly ControllerOptions _options;
    private readonly int _judged;
    private readonly LoadState?[] _loads = new LoadState?[BatchLoad.Count];
    private readonly AcceptanceMonitor[] _monitors;
    private double _meanOutput = 64;
    private int _requests;

    /// <summary>Traffic that was not seen yet.</summary>
    public TrafficState(ControllerOptions options)
    {
        (_options, _judged) = (options, options.Judged);
        Calibrators = Each(_ => new ConfidenceCalibrator());
        Depths = Each(profile => new DepthProfile(profile.MaxDepth));
        Gates = [.. Calibrators.Select(c => new DraftGate(c))];
        _monitors = Each(_ => new AcceptanceMonitor(options.DriftThreshold));
        MeanDepth = Each(profile => profile.MaxDepth / 2.0);
        MeanTokens = Each(profile => profile.MaxDepth / 2.0);
    }

    /// <summary>Part of other traffic: begins with what was learned of all, which soon counts little, and tries every speculator.</summary>
    public TrafficState(TrafficState all)
        : this(all._options)
    {
        for (int i = 0; i < Calibrators.Length; i++)
        {
            Calibrators[i].CopyFrom(all.Calibrators[i], KeptFromAll);
            Depths[i].CopyFrom(all.Depths[i], KeptFromAll);
        }
        Consensus.CopyFrom(all.Consensus, KeptFromAll);
        all.MeanDepth.CopyTo(MeanDepth, 0);
        all.MeanTokens.CopyTo(MeanTokens, 0);
        _meanOutput = all._meanOutput;
        for (int load = 0; load < _loads.Length; load++)
            if (all._loads[load] is { } known)
                Begin(load, known.Estimates);
        TrialsDue = Trials;
    }

    /// <summary>Requests that are to try every speculator, because the traffic is new or has changed.</summary>
    public int TrialsDue { get; set; }

    /// <summary>From confidence to probability, of each speculator.</summary>
    public ConfidenceCalibrator[] Calibrators { get; }

    /// <summary>What agreement and dispute among speculators make of their probabilities.</summary>
    public Consensus Consensus { get; } = new();

    /// <summary>How far each speculator's drafts hold.</summary>
    public DepthProfile[] Depths { get; }

    /// <summary>Early stop of each speculator.</summary>
    public DraftGate[] Gates { get; }

    /// <summary>Levels that each speculator drafts when it is invoked.</summary>
    public double[] MeanDepth { get; }

    /// <summary>Tokens that each speculator drafts for one sequence when it is invoked.</summary>
    public double[] MeanTokens { get; }

    /// <summary>Tokens that calibration has learned from.</summary>
    public long Observations => Calibrators.Sum(calibrator => calibrator.Observations);

    /// <summary>What was learned at a load; one that is new begins with the estimates of the nearest that is known.</summary>
    public LoadState At(int load)
    {
        if (_loads[load] is { } known) return known;
        if (Nearest(load) is not { } near) return _loads[load] = new LoadState(Calibrators.Length, _options.Guard);
        var begun = Begin(load, near.Estimates);
        begun.Worth.CopyFrom(near.Worth);
        return begun;
    }

    /// <summary>
    /// Tokens that a request is expected to emit yet: what is missing to the mean of the others, and where it has emitted more than that, as many
    /// again.
    /// </summary>
    /// <param name="emitted">Tokens it has emitted.</param>
    /// <param name="most">Tokens it may emit yet, at least 1.</param>
    public double ExpectedLeft(int emitted, int most) => Math.Min(most, Math.Max(LeastLeft, Math.Max(_meanOutput - emitted, emitted)));

    /// <summary>A request has ended after so many tokens.</summary>
    public void Ended(int emitted) => _meanOutput += Math.Max(OutputRate, 1.0 / (++_requests + 1)) * (emitted - _meanOutput);

    /// <summary>The probability of a node given what its proposers said.</summary>
    /// <param name="proposers">Bit mask of those who proposed it.</param>
    /// <param name="present">Bit mask of those who proposed it or another child of its parent.</param>
    /// <param name="confidence">What each of them said of it.</param>
    public float Probability(int proposers, int present, ReadOnlySpan<float> confidence)
    {
        float highest = Highest(proposers, confidence);
        return Calibrators.Length > 1 ? Consensus.Probability(highest, proposers, present) : highest;
    }

    /// <summary>Learns from a node whose parent was accepted.</summary>
    /// <param name="proposers">Bit mask of those who proposed it.</param>
    /// <param name="present">Bit mask of those who proposed it or another child of its parent.</param>
    /// <param name="confidence">What each of them said of it.</param>
    /// <param name="accepted">Whether it was accepted.</param>
    public void LearnNode(int proposers, int present, ReadOnlySpan<float> confidence, bool accepted)
    {
        Consensus.Observe(Highest(proposers, confidence), proposers, present, accepted);
        for (int i = 0; i < Calibrators.Length; i++)
            if ((proposers >> i & 1) != 0)
                Calibrators[i].Observe(confidence[i], accepted);
    }

    /// <summary>Learns from a draft that was judged whole; returns bit masks of the speculators whose acceptance has changed.</summary>
    public int LearnDraft(FrozenDraft draft)
    {
        var load = At(draft.Load);
        draft.Teach(load.Estimates, _options.NamespaceRate);
        load.Worth.Learn(draft, _judged);
        int changed = 0;
        for (int i = 0; i < Calibrators.Length; i++)
        {
            if ((draft.Drafted >> i & 1) == 0) continue;
            int accepted = draft.Accepted(i);
            Depths[i].Observe(accepted, (draft.Refused >> i & 1) != 0);
            if (!_monitors[i].Add(accepted > 0)) continue;
            OnDrift(i);
            changed |= 1 << i;
        }
        return changed;
    }

    /// <summary>Acceptance of a speculator's first tokens: before its last change, and of late.</summary>
    public (double Before, double Recent) AcceptanceOf(int speculator) => (_monitors[speculator].Before, _monitors[speculator].Recent);

    // Old observations count little from now on: the new traffic is learned as fast as the first.
    private void OnDrift(int speculator)
    {
        Calibrators[speculator].Discount(KeptAfterDrift);
        Consensus.Discount(KeptAfterDrift);
        Depths[speculator].Discount(KeptAfterDrift);
        foreach (var load in _loads)
        {
            load?.Estimates.Loosen();
            load?.Worth.Reconsider();
            load?.Guard.Reconsider();
        }
        TrialsDue = Trials;
    }

    // Of two as near, that of the smaller load.
    private LoadState? Nearest(int load)
    {
        for (int away = 1; away < _loads.Length; away++)
            for (int side = -1; side <= 1; side += 2)
                if ((uint)(load + side * away) < (uint)_loads.Length && _loads[load + side * away] is { } near)
                    return near;
        return null;
    }

    private LoadState Begin(int load, ArmEstimates near)
    {
        var state = _loads[load] = new LoadState(Calibrators.Length, _options.Guard);
        state.Estimates.CopyFrom(near);
        state.Estimates.Loosen();
        return state;
    }

    private float Highest(int proposers, ReadOnlySpan<float> confidence)
    {
        float highest = 0;
        for (int i = 0; i < Calibrators.Length; i++)
            if ((proposers >> i & 1) != 0)
                highest = Math.Max(highest, Calibrators[i].Probability(confidence[i]));
        return highest;
    }

    private T[] Each<T>(Func<SpeculatorProfile, T> make) => [.. _options.Speculators.Select(make)];
}
