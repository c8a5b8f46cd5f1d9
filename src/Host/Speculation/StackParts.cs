using Atlas.Host.CommandLine;

namespace Atlas.Host.Speculation;

/// <summary>What a way to decode is composed of.</summary>
/// <param name="Static">The draft model drafts.</param>
/// <param name="Suffix">The suffix speculator drafts.</param>
/// <param name="Learned">The learned speculator drafts.</param>
/// <param name="Adaptive">The controller decides whom to ask and how far; otherwise the budget is the same in every step.</param>
internal sealed record StackParts(bool Static, bool Suffix, bool Learned, bool Adaptive)
{
    /// <summary>
    /// The parts of a strategy. A single adaptive speculator runs under the controller too: it then has the best lookahead of every step and
    /// the guard, which is the fairest rival for the choice among all.
    /// </summary>
    /// <param name="strategy">A name of <see cref="StrategyNames"/>.</param>
    /// <param name="hasDraft">Whether there is a draft model.</param>
    /// <param name="hasHeads">Whether the engine trains heads on the target's hidden states.</param>
    /// <exception cref="UsageException">The strategy lacks what it needs.</exception>
    public static StackParts Of(string strategy, bool hasDraft, bool hasHeads)
    {
        if (strategy == StrategyNames.Static && !hasDraft) throw new UsageException("--speculator static needs a draft model; expected --draft DIR");
        if (strategy == StrategyNames.Learned && !hasHeads)
            throw new UsageException("--speculator learned needs an engine that trains heads; expected --engine cpu");
        return strategy switch
        {
            StrategyNames.None => new(false, false, false, false),
            StrategyNames.Static => new(true, false, false, false),
            StrategyNames.Suffix => new(false, true, false, true),
            StrategyNames.Learned => new(false, false, true, true),
            StrategyNames.Merged => new(hasDraft, true, hasHeads, false),
            StrategyNames.Auto => new(hasDraft, true, hasHeads, true),
            _ => throw new ArgumentException($"there is no strategy {strategy}; expected one of {string.Join(", ", StrategyNames.All)}", nameof(strategy)),
        };
    }

    /// <summary>The same without some speculators.</summary>
    public StackParts Without(IReadOnlyList<string> names) => this with
    {
        Static = Static && !names.Contains(StrategyNames.Static),
        Suffix = Suffix && !names.Contains(StrategyNames.Suffix),
        Learned = Learned && !names.Contains(StrategyNames.Learned),
    };
}
