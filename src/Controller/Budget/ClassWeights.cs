using Atlas.Core.Decoding;

namespace Atlas.Controller.Budget;

/// <summary>
/// What a token of a request is worth against those of other classes, where sequences of one batch compete for verification rows. In a batch
/// of one class it makes no difference.
/// </summary>
/// <param name="Interactive">Somebody reads along.</param>
/// <param name="Latency">Something waits for the whole answer.</param>
/// <param name="Throughput">Only the total counts.</param>
public sealed record ClassWeights(double Interactive = 1, double Latency = 2, double Throughput = 0.5)
{
    /// <summary>The weight of a class.</summary>
    public double Of(RequestClass requestClass) => requestClass switch
    {
        RequestClass.Latency => Latency,
        RequestClass.Throughput => Throughput,
        _ => Interactive,
    };
}
