using Atlas.Controller.Choice;
using Atlas.Controller.Guard;

namespace Atlas.Controller.Traffic;

/// <summary>What was learned of some traffic at one load of the batch: what the arms bring at its prices, and whether speculation pays there.</summary>
internal sealed class LoadState(int speculators, GuardOptions guard)
{
    /// <summary>Tokens and rows of the arms; where a request begins.</summary>
    public ArmEstimates Estimates { get; } = new(speculators);

    /// <summary>Who does not pay beside the others.</summary>
    public MarginalWorth Worth { get; } = new(speculators);

    /// <summary>Stops speculation where it does not pay.</summary>
    public SpeedGuard Guard { get; } = new(guard);
}
