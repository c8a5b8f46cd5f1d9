using System.Diagnostics.Metrics;
using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service.Telemetry;

/// <summary>
/// The service's figures as instruments of <c>System.Diagnostics.Metrics</c>. Counters and gauges are observable: they are read when somebody
/// collects them and cost nothing where figures are counted. A histogram cannot be read so: each of its observations is handed on.
/// </summary>
internal sealed class MetricInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Atlas.Service";

    private readonly Meter _meter = new(MeterName);
    private readonly List<LatencyHistogram> _histograms = [];

    /// <summary>Instruments of all figures that there are now.</summary>
    public MetricInstruments(MetricSet metrics)
    {
        foreach (var group in metrics.All.GroupBy(metric => metric.Name))
        {
            Metric[] sources = [.. group];
            string name = MetricSet.Prefix + group.Key;
            if (sources[0].Histogram is { } histogram)
            {
                HandOn(histogram, name, sources[0].Help);
                continue;
            }
            IEnumerable<Measurement<double>> Read() => sources.SelectMany(source => source.Read()).Select(Measured);
            if (sources[0].Kind == MetricKind.Counter) _meter.CreateObservableCounter<double>(name, Read, unit: null, sources[0].Help);
            else _meter.CreateObservableGauge<double>(name, Read, unit: null, sources[0].Help);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var histogram in _histograms) histogram.Listener = null;
        _meter.Dispose();
    }

    // In the same buckets.
    private void HandOn(LatencyHistogram histogram, string name, string help)
    {
        var instrument = _meter.CreateHistogram(name, "s", help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = histogram.Bounds });
        histogram.Listener = instrument.Record;
        _histograms.Add(histogram);
    }

    private static Measurement<double> Measured(MetricValue value) => value.Label is { } label
        ? new Measurement<double>(value.Value, KeyValuePair.Create<string, object?>(label.Name, label.Value))
        : new Measurement<double>(value.Value);
}
