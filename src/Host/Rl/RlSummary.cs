using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Rollouts;
using Atlas.Host.Replay;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Rl;

/// <summary>All that a run has found out.</summary>
/// <param name="Config">What it did.</param>
/// <param name="State">Its steps.</param>
/// <param name="Engine">What computed.</param>
/// <param name="Machine">The machine that it was priced for; null for none.</param>
/// <param name="Provenance">Where its figures come from.</param>
internal sealed record RlSummary(PolicyRunConfig Config, PolicyRunState State, EngineInfo Engine, MachineTable? Machine, Provenance Provenance)
{
    /// <summary>What the steps say.</summary>
    public PolicyFigures Figures { get; } = new(State, Config.WarmUpSteps);
}
