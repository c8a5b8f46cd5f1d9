namespace Atlas.Evaluation.Scenarios;

/// <summary>Sums over requests that one strategy served; every ratio is of totals.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Tokens">Emitted after each request's first step that emitted any.</param>
/// <param name="Seconds">From the end of that step to the last token, learning included.</param>
/// <param name="Emitted">All tokens emitted.</param>
/// <param name="TotalSeconds">Prompts included.</param>
/// <param name="Forwards">Target forwards that emitted.</param>
/// <param name="Drafted">Draft tokens verified.</param>
/// <param name="Accepted">Draft tokens accepted.</param>
public readonly record struct ServedTotals(
    int Requests, long Tokens, double Seconds, long Emitted, double TotalSeconds, long Forwards, long Drafted, long Accepted)
{
    /// <summary>Emitted tokens per second of decoding; NaN without any.</summary>
    public double Goodput => Tokens / Seconds;

    /// <summary>Emitted tokens per second, prompts included.</summary>
    public double EndToEnd => Emitted / TotalSeconds;

    /// <summary>Tokens per target forward.</summary>
    public double AcceptanceLength => (double)Emitted / Forwards;

    /// <summary>Accepted over drafted; NaN where nothing was drafted.</summary>
    public double AcceptanceRate => (double)Accepted / Drafted;

    /// <summary>The sums over some requests.</summary>
    public static ServedTotals Of(IEnumerable<ServedRequest> requests)
    {
        var sum = default(ServedTotals);
        foreach (var request in requests)
        {
            var (decoded, counts) = (request.Decoded, request.Decoded.Statistics);
            sum = new(
                sum.Requests + 1, sum.Tokens + decoded.TokensAfterFirstStep, sum.Seconds + decoded.DecodeSeconds, sum.Emitted + counts.Emitted,
                sum.TotalSeconds + decoded.TotalSeconds, sum.Forwards + counts.Forwards, sum.Drafted + counts.Drafted, sum.Accepted + counts.Accepted);
        }
        return sum;
    }
}
