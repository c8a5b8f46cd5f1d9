using Atlas.Evaluation.Replay;

namespace Atlas.Host.Replay;

/// <summary>How a live replay is made.</summary>
/// <param name="Strategies">Plain first; null for all that the models allow.</param>
/// <param name="Lookahead">Draft tokens per step where the budget is fixed.</param>
/// <param name="MaxTokens">Most tokens emitted per request.</param>
/// <param name="Arrivals">How arrival times are honoured; null for back to back, one request at a time.</param>
/// <param name="ArrivalsText">The same as it was written down.</param>
internal sealed record LiveOptions(IReadOnlyList<string>? Strategies, int Lookahead, int MaxTokens, ArrivalTimes? Arrivals, string ArrivalsText)
{
    /// <summary>Most requests that a strategy decodes at once.</summary>
    public int Places => Arrivals?.Places ?? 1;
}
