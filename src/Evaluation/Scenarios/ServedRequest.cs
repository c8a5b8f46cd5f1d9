using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Scenarios;

/// <summary>One request of a scenario as one strategy served it.</summary>
/// <param name="Phase">Index of its phase.</param>
/// <param name="Strategy">Who served it.</param>
/// <param name="Decoded">What came out, and how long it took.</param>
/// <param name="State">What the strategy had counted by then.</param>
public sealed record ServedRequest(int Phase, string Strategy, DecodedRequest Decoded, StrategyState State);
