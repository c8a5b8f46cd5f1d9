using System.Text.Json.Serialization;
using Atlas.Evaluation.Rollouts;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>What one step of a run did.</summary>
public sealed record PolicyStep
{
    /// <summary>Counted from 0.</summary>
    public required int Step { get; init; }

    /// <summary>Domain of each prompt.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>The strategies' rollouts, plain decoding's first.</summary>
    public required IReadOnlyList<StrategyStep> Strategies { get; init; }

    /// <summary>Rollouts on the simulated machine, where this step was priced; plain decoding's first, at its best batch size.</summary>
    public IReadOnlyList<StrategyStep> Priced { get; init; } = [];

    /// <summary>Share of the samples that ended by themselves.</summary>
    public required double Ended { get; init; }

    /// <summary>What the policy learned.</summary>
    public required PolicyUpdate Update { get; init; }

    /// <summary>Time that learning took, in seconds: the same whoever drew the samples.</summary>
    public required double LearningSeconds { get; init; }

    /// <summary>Time that handing the new weights to the serving engine took, in seconds.</summary>
    public required double ReplaceSeconds { get; init; }

    /// <summary>Mean reward.</summary>
    [JsonIgnore]
    public double Reward => Strategies[0].Rewards.Average();

    /// <summary>Mean reward of the prompts of a domain; NaN where the step had none.</summary>
    public double RewardOf(string domain)
    {
        double[] rewards = Strategies[0].Rewards;
        int group = rewards.Length / Domains.Count;
        return rewards.Where((_, i) => Domains[i / group] == domain).DefaultIfEmpty(double.NaN).Average();
    }
}
