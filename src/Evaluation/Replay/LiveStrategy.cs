using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scenarios;

namespace Atlas.Evaluation.Replay;

/// <summary>A way to decode with a model, and where its counts are read.</summary>
/// <param name="Strategy">The way.</param>
/// <param name="Meter">What its speculators took; it hears of all their calls.</param>
/// <param name="State">What its controller and trainer have counted; called between steps.</param>
public sealed record LiveStrategy(Strategy Strategy, DraftMeter Meter, Func<StrategyState> State)
{
    /// <summary>As reported.</summary>
    public string Name => Strategy.Name;
}
