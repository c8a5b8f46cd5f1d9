namespace Atlas.Evaluation.Rewards;

/// <summary>The rewards by the domain of their tasks.</summary>
public static class RewardCatalog
{
    private static readonly Dictionary<string, IReward> ByDomain = new()
    {
        ["arithmetic"] = new AnswerLineReward("Answer: "),
        ["short-arithmetic"] = new AnswerLineReward("="),
        ["tools"] = new JsonSchemaReward(),
        ["short-tools"] = new JsonSchemaReward(),
        ["sorting"] = new SortingReward(),
    };

    /// <summary>Domains that have a reward.</summary>
    public static IReadOnlyCollection<string> Domains => ByDomain.Keys;

    /// <summary>The reward of a domain's tasks.</summary>
    /// <exception cref="ArgumentException">The domain has none; the message lists those that do.</exception>
    public static IReward For(string domain) => ByDomain.GetValueOrDefault(domain)
        ?? throw new ArgumentException($"there is no reward for the domain '{domain}'; expected one of {string.Join(", ", Domains)}", nameof(domain));
}
