using Atlas.Core.Drafting;
using Atlas.Host.Speculation;

namespace Atlas.Host.CommandLine;

/// <summary>Who drafts, how far, and how drafts are verified.</summary>
/// <param name="Speculator">A name of <see cref="StrategyNames"/>.</param>
/// <param name="Budget">Draft budget of every step where the lookahead is fixed (<c>static</c>, <c>merged</c>).</param>
/// <param name="MinPathConfidence">Where drafting stops on a path; null leaves it to each speculator.</param>
/// <param name="Rejection">Classical rejection sampling instead of coupled sampling.</param>
internal sealed record SpeculationChoice(string Speculator, DraftBudget Budget, float? MinPathConfidence = null, bool Rejection = false)
{
    /// <summary>What each speculator may draft at most where the controller decides; a 0 in it leaves that to the speculator's profile.</summary>
    public DraftBudget Limit { get; init; }

    /// <summary>Whether a draft model takes part where there is one; else it need not be loaded.</summary>
    public bool UsesDraftModel => Speculator is StrategyNames.Static or StrategyNames.Merged or StrategyNames.Auto;
}
