using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Atlas.Host.Service.Metrics;

/// <summary>All figures of the service. Thread-safe.</summary>
internal sealed class MetricSet
{
    /// <summary>What figures' names begin with where others' stand beside them.</summary>
    public const string Prefix = "atlas_";

    private readonly ConcurrentQueue<Metric> _metrics = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    /// <summary>Seconds since the service started, by a clock that never goes back.</summary>
    public double UptimeSeconds => Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>All figures that were added, in this order; those of one name stand for one figure.</summary>
    public IEnumerable<Metric> All => _metrics;

    /// <summary>Adds a figure that only rises.</summary>
    public void Counter(string name, string help, Func<double> read, MetricLabel? label = null) => Add(name, help, MetricKind.Counter, read, label);

    /// <summary>Adds a figure that may fall.</summary>
    public void Gauge(string name, string help, Func<double> read, MetricLabel? label = null) => Add(name, help, MetricKind.Gauge, read, label);

    /// <summary>Adds a figure that only rises and has more or fewer values from time to time; for monitors only, not for <see cref="Read"/>.</summary>
    public void Counters(string name, string help, Func<IEnumerable<MetricValue>> read) => _metrics.Enqueue(new Metric(name, help, MetricKind.Counter, read) { ForMonitors = true });

    /// <summary>Adds durations by size, whose sum and count <see cref="Read"/> shows.</summary>
    public void Histogram(string name, string help, LatencyHistogram histogram) =>
        _metrics.Enqueue(new Metric(name, help, MetricKind.Histogram, histogram.Read) { Histogram = histogram });

    /// <summary>All figures as they are now.</summary>
    public IEnumerable<KeyValuePair<string, double>> Read() => _metrics.Where(metric => !metric.ForMonitors)
        .SelectMany(metric => metric.Read().Where(value => value.Suffix != LatencyHistogram.BucketSuffix).Select(value => KeyValuePair.Create(value.NameOf(metric.Name), value.Value)));

    /// <summary>The text format of Prometheus, version 0.0.4.</summary>
    public string ToPrometheus()
    {
        var text = new StringBuilder();
        foreach (var group in _metrics.GroupBy(metric => metric.Name))
        {
            MetricValue[] values = [.. group.SelectMany(metric => metric.Read())];
            if (values.Length == 0) continue;
            string name = Prefix + group.Key;
            var first = group.First();
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {first.Help}\n# TYPE {name} {KindOf(first)}\n");
            foreach (var value in values) text.Append(CultureInfo.InvariantCulture, $"{value.NameOf(name)} {Number(value.Value)}\n");
        }
        return text.ToString();
    }

    private void Add(string name, string help, MetricKind kind, Func<double> read, MetricLabel? label) =>
        _metrics.Enqueue(new Metric(name, help, kind, () => [new MetricValue(read(), label)]));

    private static string KindOf(Metric metric) => metric.Kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
