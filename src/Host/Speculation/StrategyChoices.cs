using Atlas.Core.Drafting;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Speculation;

/// <summary>The strategies that are set side by side in demonstrations, replays and rollouts, as stacks are composed of them.</summary>
internal static class StrategyChoices
{
    /// <summary>How a strategy decodes.</summary>
    /// <param name="name">Of <see cref="ReplayStrategies.Live"/>.</param>
    /// <param name="lookahead">Draft tokens per step where the budget is fixed.</param>
    /// <exception cref="ArgumentException">There is no such strategy.</exception>
    public static SpeculationChoice Of(string name, int lookahead) => name switch
    {
        ReplayStrategies.Plain => new(StrategyNames.None, DraftBudget.None),
        ReplayStrategies.Static => new(StrategyNames.Static, DraftBudget.Chain(lookahead)),
        ReplayStrategies.Suffix => new(StrategyNames.Suffix, DraftBudget.None),
        ReplayStrategies.Recall => new(StrategyNames.Recall, DraftBudget.None),
        ReplayStrategies.Learned => new(StrategyNames.Learned, DraftBudget.None),
        ReplayStrategies.Merged => new(StrategyNames.Merged, new DraftBudget(lookahead, 2 * lookahead, 1)),
        ReplayStrategies.Atlas => new(StrategyNames.Auto, DraftBudget.None),
        _ => throw new ArgumentException($"there is no strategy '{name}'; expected one of {string.Join(", ", ReplayStrategies.Live)}", nameof(name)),
    };
}
