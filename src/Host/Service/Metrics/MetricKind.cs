namespace Atlas.Host.Service.Metrics;

/// <summary>What kind of figure it is, as Prometheus has kinds.</summary>
internal enum MetricKind
{
    /// <summary>Only rises.</summary>
    Counter = 0,

    /// <summary>May fall.</summary>
    Gauge = 1,

    /// <summary>Counts of durations by size: <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</summary>
    Histogram = 2,
}
