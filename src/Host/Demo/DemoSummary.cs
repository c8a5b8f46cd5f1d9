using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Demo;

/// <summary>All that a demonstration has found out.</summary>
/// <param name="Log">What was served.</param>
/// <param name="Comparison">Whether outputs were identical, and right.</param>
/// <param name="Stacks">The strategies as they ended.</param>
/// <param name="Engine">What computed.</param>
/// <param name="Extras">What only a whole demonstration measures; null in shorter ones.</param>
internal sealed record DemoSummary(ScenarioLog Log, StrategyComparison Comparison, DemoStacks Stacks, EngineInfo Engine, DemoExtras? Extras)
{
    /// <summary>The figures of the phases.</summary>
    public ScenarioFigures Figures { get; } = new(Log);

    /// <summary>Whether every strategy emitted plain decoding's tokens, everywhere.</summary>
    public bool Identical => Comparison.Differences.Count == 0 && (Extras?.Differences ?? 0) == 0;

    /// <summary>The single speculator with the highest goodput over all phases.</summary>
    public string BestSingle => Stacks.Singles.MaxBy(name => Log.Totals(name).Goodput)!;

    /// <summary>Part of atlas's time that its trainers took, of all of the engine's threads; 0 without a trainer.</summary>
    public double TrainerShare
    {
        get
        {
            double seconds = Stacks[DemoStacks.Atlas].Trainers.Statistics.Sum(trainer => trainer.TurnSeconds + trainer.BackgroundSeconds / Engine.Threads);
            return seconds / Log.Totals(DemoStacks.Atlas).TotalSeconds;
        }
    }
}
