using Atlas.Host.CommandLine;

namespace Atlas.Host.Speculation;

/// <summary>What a way to decode is composed of.</summary>
/// <param name="Static">The draft model drafts.</param>
/// <param name="Suffix">The suffix speculator drafts.</param>
/// <param name="Recall">The recall speculator drafts.</param>
/// <param name="Learned">The learned speculator on the target's hidden states drafts.</param>
/// <param name="LearnedText">The learned speculator on the text alone drafts.</param>
/// <param name="Adaptive">The controller decides whom to ask and how far; otherwise the budget is the same in every step.</param>
internal sealed record StackParts(bool Static, bool Suffix, bool Recall, bool Learned, bool LearnedText, bool Adaptive)
{
    /// <summary>
    /// The parts of a strategy. A single adaptive speculator runs under the controller too: it then has the best lookahead of every step and
    /// the guard, which is the fairest rival for the choice among all. Atlas asks the head on the text only where none is trained on hidden states: beside
    /// the others it adds less than asking and teaching it cost (docs/loop.md).
    /// </summary>
    /// <param name="strategy">A name of <see cref="StrategyNames"/>.</param>
    /// <param name="hasDraft">Whether there is a draft model.</param>
    /// <param name="hasHeads">Whether the engine trains heads on the target's hidden states.</param>
    /// <exception cref="UsageException">The strategy lacks what it needs.</exception>
    public static StackParts Of(string strategy, bool hasDraft, bool hasHeads)
    {
        if (strategy == StrategyNames.Static && !hasDraft) throw new UsageException("--speculator static needs a draft model; expected --draft DIR");
        return strategy switch
        {
            StrategyNames.None => new(false, false, false, false, false, false),
            StrategyNames.Static => new(true, false, false, false, false, false),
            StrategyNames.Suffix => new(false, true, false, false, false, true),
            StrategyNames.Recall => new(false, false, true, false, false, true),
            StrategyNames.Learned => new(false, false, false, hasHeads, true, true),
            StrategyNames.Merged => new(hasDraft, true, true, hasHeads, true, false),
            StrategyNames.Auto => new(hasDraft, true, true, hasHeads, !hasHeads, true),
            _ => throw new ArgumentException($"there is no strategy {strategy}; expected one of {string.Join(", ", StrategyNames.All)}", nameof(strategy)),
        };
    }

    /// <summary>Names of those who draft, in the order in which they are asked.</summary>
    public IReadOnlyList<string> Speculators
    {
        get
        {
            List<string> names = [];
            if (Static) names.Add(StrategyNames.Static);
            if (Suffix) names.Add(StrategyNames.Suffix);
            if (Recall) names.Add(StrategyNames.Recall);
            if (Learned) names.Add(StrategyNames.Learned);
            if (LearnedText) names.Add(StrategyNames.LearnedText);
            return names;
        }
    }

    /// <summary>The same without some speculators.</summary>
    public StackParts Without(IReadOnlyList<string> names) => this with
    {
        Static = Static && !names.Contains(StrategyNames.Static),
        Suffix = Suffix && !names.Contains(StrategyNames.Suffix),
        Recall = Recall && !names.Contains(StrategyNames.Recall),
        Learned = Learned && !names.Contains(StrategyNames.Learned),
        LearnedText = LearnedText && !names.Contains(StrategyNames.LearnedText),
    };
}
