namespace Atlas.Host.Service.Metrics;

/// <summary>A figure of the service, read when it is asked for.</summary>
/// <param name="Name">As Prometheus has it, without labels.</param>
/// <param name="Help">What it says, in one line.</param>
/// <param name="Kind">What kind of figure it is.</param>
/// <param name="Read">Reads its values; from any thread.</param>
internal sealed record Metric(string Name, string Help, MetricKind Kind, Func<IEnumerable<MetricValue>> Read)
{
    /// <summary>Whether it is for monitors only, as there may be a value of it for each of many tenants.</summary>
    public bool ForMonitors { get; init; }

    /// <summary>Where a histogram is counted; null for other kinds.</summary>
    public LatencyHistogram? Histogram { get; init; }
}
