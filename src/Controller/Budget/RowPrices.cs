using Atlas.Controller.Latency;
using Atlas.Core.Decoding;

namespace Atlas.Controller.Budget;

/// <summary>What rows of the coming forward cost, in seconds and in tokens.</summary>
/// <param name="Latency">Seconds of a forward.</param>
/// <param name="Rows">Rows without drafts, and room for drafts.</param>
/// <param name="Context">Mean length of the batch's sequences.</param>
/// <param name="SecondsPerToken">What a token costs in the long run: time spent where it brings fewer tokens than that does not pay.</param>
internal readonly record struct RowPrices(TargetLatency Latency, ForwardRows Rows, double Context, double SecondsPerToken)
{
    /// <summary>Seconds of the forward with so many draft nodes.</summary>
    public double Seconds(double nodes) => Latency.Seconds(Math.Min(Rows.Base + nodes, Rows.Most), Context);

    /// <summary>Seconds that so many draft nodes add to the forward.</summary>
    public double Added(double nodes) => Seconds(nodes) - Seconds(0);

    /// <summary>Tokens that the time of so many draft nodes is worth.</summary>
    public double Tokens(double nodes) => Added(nodes) / SecondsPerToken;

    /// <summary>Fewest tokens that one more row can cost.</summary>
    public double LeastTokens => Latency.LeastRowSeconds(Rows.Base, Context) / SecondsPerToken;
}
