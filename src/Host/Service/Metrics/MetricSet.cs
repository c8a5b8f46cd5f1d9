using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Atlas.Host.Service.Metrics;

/// <summary>All figures of the service. Thread-safe.</summary>
internal sealed class MetricSet
{
    private readonly ConcurrentQueue<Metric> _metrics = new();
    private readonly ConcurrentQueue<Func<IEnumerable<Metric>>> _groups = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    /// <summary>Seconds since the service started, by a clock that never goes back.</summary>
    public double UptimeSeconds => Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>Adds a figure that only rises.</summary>
    public void Counter(string name, string help, Func<double> read, string labels = "") => _metrics.Enqueue(new Metric(name, help, true, read) { Labels = labels });

    /// <summary>Adds a figure that may fall.</summary>
    public void Gauge(string name, string help, Func<double> read, string labels = "") => _metrics.Enqueue(new Metric(name, help, false, read) { Labels = labels });

    /// <summary>Adds figures of which there are more or fewer from time to time; for monitors only, not for <see cref="Read"/>.</summary>
    public void Group(Func<IEnumerable<Metric>> figures) => _groups.Enqueue(figures);

    /// <summary>All figures as they are now.</summary>
    public IEnumerable<KeyValuePair<string, double>> Read() => _metrics.Select(metric => KeyValuePair.Create(metric.FullName, metric.Read()));

    /// <summary>The text format of Prometheus, version 0.0.4.</summary>
    public string ToPrometheus()
    {
        var text = new StringBuilder();
        foreach (var group in _metrics.Concat(_groups.SelectMany(figures => figures())).GroupBy(metric => metric.Name))
        {
            var first = group.First();
            text.Append(CultureInfo.InvariantCulture, $"# HELP atlas_{first.Name} {first.Help}\n# TYPE atlas_{first.Name} {(first.IsCounter ? "counter" : "gauge")}\n");
            foreach (var metric in group)
                text.Append(CultureInfo.InvariantCulture, $"atlas_{metric.FullName} {Number(metric.Read())}\n");
        }
        return text.ToString();
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
