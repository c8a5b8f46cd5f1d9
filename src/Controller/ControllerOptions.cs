using Atlas.Controller.Budget;
using Atlas.Controller.Drift;
using Atlas.Controller.Guard;
using Atlas.Controller.Latency;
using Atlas.Core.Drafting;

namespace Atlas.Controller;

/// <summary>How the controller decides.</summary>
public sealed record ControllerOptions
{
    /// <summary>The speculators it may invoke, in the order of the merged draft; 1 to <see cref="DraftTree.MaxSpeculators"/>.</summary>
    public required IReadOnlyList<SpeculatorProfile> Speculators { get; init; }

    /// <summary>The target's latency as measured at start (<see cref="LatencyProfile.Measure"/>).</summary>
    public required LatencyProfile Latency { get; init; }

    /// <summary>Where the time of planning and drafting is read.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What tokens of the request classes are worth against each other.</summary>
    public ClassWeights Weights { get; init; } = new();

    /// <summary>When speculation stops.</summary>
    public GuardOptions Guard { get; init; } = new();

    /// <summary>Who hears of drift; null for nobody.</summary>
    public IDriftObserver? DriftObserver { get; init; }

    /// <summary>Threshold of the drift test over blocks of 8 drafts; positive. Higher is later and surer.</summary>
    public double DriftThreshold { get; init; } = 2;

    /// <summary>Weight of a new draft in a request's own estimates.</summary>
    public double RequestRate { get; init; } = 0.02;

    /// <summary>Weight of a new draft in a namespace's estimates.</summary>
    public double NamespaceRate { get; init; } = 0.005;

    /// <summary>How sharply the choice prefers the arm with the least predicted time per token.</summary>
    public double Sharpness { get; init; } = 40;

    /// <summary>
    /// Part of a plain step's time that drafting by one speculator, only to see how it would do, may take on average. A cheap one is then
    /// invoked always, an expensive one rarely.
    /// </summary>
    public double ExplorationCost { get; init; } = 0.004;

    /// <summary>
    /// Kinds of requests that are told apart in a namespace by their prompts, those included that have shown too few yet; the one not used for
    /// longest goes first. 0 takes all of a namespace's requests for one traffic.
    /// </summary>
    public int MaxKinds { get; init; } = 12;

    /// <summary>Namespaces kept; the one not used for longest goes first.</summary>
    public int MaxNamespaces { get; init; } = 256;

    /// <summary>Keys the draws of the choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Bit mask of the speculators that leave the choice where they do not pay beside the others; those that read text are asked rarely anyway.
    /// </summary>
    internal int Judged
    {
        get
        {
            int judged = 0;
            for (int i = 0; i < Speculators.Count; i++)
                if (!Speculators[i].ReadsText) judged |= 1 << i;
            return judged;
        }
    }

    /// <summary>Throws unless all is in range.</summary>
    internal void Check()
    {
        if (Speculators.Count is 0 or > DraftTree.MaxSpeculators)
            throw new ArgumentException($"{Speculators.Count} speculators; expected 1 to {DraftTree.MaxSpeculators}", nameof(Speculators));
        foreach (var speculator in Speculators)
            if (speculator.MaxDepth < 1 || speculator.MaxNodes < speculator.MaxDepth || speculator.Branches < 1)
                throw new ArgumentException(
                    $"{speculator.Name} may draft {speculator.MaxDepth} levels, {speculator.MaxNodes} nodes and {speculator.Branches} branches; expected 1 or more, "
                    + "and nodes for every level", nameof(Speculators));
        foreach (double rate in new[] { RequestRate, NamespaceRate })
            if (!(rate > 0 && rate < 1))
                throw new ArgumentException($"a rate is {rate}; expected more than 0 and less than 1", nameof(RequestRate));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DriftThreshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxNamespaces, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxKinds);
    }
}
