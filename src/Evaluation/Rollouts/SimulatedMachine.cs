using Atlas.Controller.Latency;
using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Rollouts;

/// <summary>
/// Lets the time pass that the parts of a step would take on another machine: the models compute here, and what they were asked is priced by the
/// table. Hears of the parts as <see cref="IStepTimings"/>; what they really took is not used. One for each strategy; used from one thread.
/// </summary>
/// <param name="table">The machine.</param>
/// <param name="speculators">Names of the speculators in the order of their indices.</param>
public sealed class SimulatedMachine(MachineTable table, IReadOnlyList<string> speculators) : IStepTimings
{
    private readonly TargetLatency _latency = new(table.Latency);
    private readonly DraftCost[] _costs = [.. speculators.Select(table.CostOf)];

    /// <summary>Its time.</summary>
    public SimulatedClock Clock { get; } = new();

    /// <summary>Its forwards, for a controller that is to decide as it would there.</summary>
    public LatencyProfile Latency { get; } = table.Latency;

    /// <summary>What a speculator's drafting takes there.</summary>
    public DraftCost CostOf(int speculator) => _costs[speculator];

    /// <inheritdoc/>
    public void OnDrafted(in DraftTiming timing) => Clock.Pass(_costs[timing.Speculator].Of(timing.Levels, timing.Tokens));

    /// <inheritdoc/>
    public void OnForward(int rows, double context, double seconds) => Clock.Pass(_latency.Seconds(rows, context));
}
