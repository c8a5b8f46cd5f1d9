using Atlas.Controller.Metrics;

namespace Atlas.Evaluation.Scenarios;

/// <summary>What a strategy's controller and trainer had counted when a request ended; sums from the strategy's beginning.</summary>
/// <param name="Credits">What each speculator did, in their order; empty for a strategy without a controller.</param>
/// <param name="Lookahead">Sum of the verified drafts' depths.</param>
/// <param name="Published">Versions published.</param>
/// <param name="RolledBack">Versions rolled back.</param>
/// <param name="Drifts">Drift events, in words.</param>
public sealed record StrategyState(
    IReadOnlyList<SpeculatorCredit> Credits, long Lookahead, long Published, long RolledBack, IReadOnlyList<string> Drifts)
{
    /// <summary>That of a strategy that has neither.</summary>
    public static StrategyState None { get; } = new([], 0, 0, 0, []);

    /// <summary>That of a strategy with a controller.</summary>
    /// <param name="metrics">What its controller has counted.</param>
    /// <param name="drifts">Drift events, in words.</param>
    /// <param name="published">Versions published.</param>
    /// <param name="rolledBack">Versions rolled back.</param>
    public static StrategyState Of(ControllerMetrics metrics, IEnumerable<string> drifts, long published = 0, long rolledBack = 0)
    {
        long lookahead = 0;
        for (int depth = 1; depth < metrics.Lookahead.Length; depth++) lookahead += depth * metrics.Lookahead[depth];
        return new StrategyState(
            [.. metrics.Speculators.Select(s => new SpeculatorCredit(s.Name, s.Drafted, s.Accepted))], lookahead, published, rolledBack, [.. drifts]);
    }
}
