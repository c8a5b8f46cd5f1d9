using Atlas.Evaluation.Rollouts;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>What a run's figures say about its strategies. Ratios are of totals; what was not measured is NaN.</summary>
/// <param name="state">The run.</param>
/// <param name="warmUp">First steps that comparisons of early with late leave out.</param>
public sealed class PolicyFigures(PolicyRunState state, int warmUp)
{
    private const int Parts = 10;

    private readonly IReadOnlyList<PolicyStep> _steps = state.Steps;

    /// <summary>The steps.</summary>
    public IReadOnlyList<PolicyStep> Steps => _steps;

    /// <summary>The strategies, plain decoding first.</summary>
    public IReadOnlyList<string> Names => _steps.Count == 0 ? [] : [.. _steps[0].Strategies.Select(s => s.Name)];

    /// <summary>The strategies that were priced, plain decoding first; empty where no step was.</summary>
    public IReadOnlyList<string> PricedNames => _steps.FirstOrDefault(step => step.Priced.Count > 0) is { } step ? [.. step.Priced.Select(s => s.Name)] : [];

    /// <summary>Whether every strategy's rewards are plain decoding's in every step, to the bit, and its tokens and log-probabilities too.</summary>
    public bool RewardsIdentical => _steps.All(step => step.Strategies.Concat(step.Priced).All(strategy =>
        strategy.Identical && strategy.Rewards.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(step.Strategies[0].Rewards.Select(BitConverter.DoubleToInt64Bits))));

    /// <summary>A strategy's rollouts over the whole run.</summary>
    public RolloutTotals Totals(string name) => RolloutTotals.Sum(_steps.Select(step => Of(step, name).Totals));

    /// <summary>Rollout time of plain decoding over a strategy's.</summary>
    public double RolloutSpeedup(string name) => Totals(Names[0]).Seconds / Totals(name).Seconds;

    /// <summary>
    /// Goodput over plain decoding's in the steps with so many live sequences, rising; see <see cref="LiveCounts.AtMost"/>. Numbers that one of both
    /// never had are left out.
    /// </summary>
    public IReadOnlyList<(int AtMost, double Ratio)> SpeedupByLive(string name)
    {
        var plain = Totals(Names[0]).ByLive.ToDictionary(counts => counts.AtMost);
        return [.. Totals(name).ByLive.Where(own => own.Tokens > 0 && plain.ContainsKey(own.AtMost)).Select(own =>
            (own.AtMost, own.Tokens / own.Seconds / (plain[own.AtMost].Tokens / plain[own.AtMost].Seconds)))];
    }

    /// <summary>Time of whole steps, learning and new weights included, with plain rollouts over the same with a strategy's.</summary>
    public double EndToEndSpeedup(string name) => (Totals(Names[0]).Seconds + OtherSeconds) / (Totals(name).Seconds + OtherSeconds);

    /// <summary>What the end-to-end speedup would be if rollouts took no time at all (Amdahl 1967).</summary>
    public double AmdahlLimit => (Totals(Names[0]).Seconds + OtherSeconds) / OtherSeconds;

    /// <summary>Seconds of the run that are no rollouts: learning, and new weights.</summary>
    public double OtherSeconds => _steps.Sum(step => step.LearningSeconds + step.ReplaceSeconds);

    /// <summary>Part of a strategy's rollout time in which its speculator learned.</summary>
    public double LearningShare(string name) => Totals(name) is var totals && totals.Seconds > 0 ? totals.LearningSeconds / totals.Seconds : double.NaN;

    /// <summary>Accepted over drafted of each step; NaN where nothing was drafted.</summary>
    public IReadOnlyList<double> AcceptanceRates(string name) => [.. _steps.Select(step => Rate(Of(step, name).Totals))];

    /// <summary>Tokens per target forward of each step.</summary>
    public IReadOnlyList<double> AcceptanceLengths(string name) => [.. _steps.Select(step => Of(step, name).Totals.AcceptanceLength)];

    /// <summary>Acceptance rate over the last tenth of the run, over that of the first tenth after the warm-up.</summary>
    public double LateOverEarlyRate(string name)
    {
        var counted = _steps.Skip(warmUp).ToList();
        int part = counted.Count / Parts;
        if (part == 0) return double.NaN;
        return Rate(RolloutTotals.Sum(counted.TakeLast(part).Select(step => Of(step, name).Totals)))
            / Rate(RolloutTotals.Sum(counted.Take(part).Select(step => Of(step, name).Totals)));
    }

    /// <summary>Mean reward of the first tenth of the run and of its last, at least one step each.</summary>
    public (double First, double Last) Reward()
    {
        int part = Math.Max(1, _steps.Count / Parts);
        return (_steps.Take(part).Average(step => step.Reward), _steps.TakeLast(part).Average(step => step.Reward));
    }

    /// <summary>
    /// Simulated rollout time of plain decoding, at the batch size that is best for it, over a strategy's, in the steps that were priced. What the
    /// speculator's learning took of the real run's time is added to the strategy's.
    /// </summary>
    public double PricedSpeedup(string name)
    {
        var priced = _steps.Where(step => step.Priced.Count > 0).ToList();
        if (priced.Count == 0) return double.NaN;
        double share = Names.Contains(name) && LearningShare(name) is > 0 and < 1 and var learning ? learning : 0;
        return priced.Sum(step => step.Priced[0].Totals.Seconds) / (priced.Sum(step => step.Priced.First(s => s.Name == name).Totals.Seconds) / (1 - share));
    }

    /// <summary>A priced strategy's rollouts over the steps that were priced.</summary>
    public RolloutTotals PricedTotals(string name) =>
        RolloutTotals.Sum(_steps.SelectMany(step => step.Priced.Where(s => s.Name == name)).Select(s => s.Totals));

    private static double Rate(RolloutTotals totals) => totals.Drafted == 0 ? double.NaN : totals.AcceptanceRate;

    private static StrategyStep Of(PolicyStep step, string name) => step.Strategies.First(s => s.Name == name);
}
