using System.Diagnostics.Metrics;
using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Service.Telemetry;

/// <summary>
/// The service's figures as instruments of <c>System.Diagnostics.Metrics</c>. All of them are observable: they are read when somebody collects
/// them and cost nothing where figures are counted.
/// </summary>
internal sealed class MetricInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Atlas.Service";

    private readonly Meter _meter = new(MeterName);

    /// <summary>Instruments of all figures that there are now.</summary>
    public MetricInstruments(MetricSet metrics)
    {
        foreach (var group in metrics.All.GroupBy(metric => metric.Name))
        {
            Metric[] sources = [.. group];
            string name = MetricSet.Prefix + group.Key;
            IEnumerable<Measurement<double>> Read() => sources.SelectMany(source => source.Read()).Select(Measured);
            if (sources[0].IsCounter) _meter.CreateObservableCounter<double>(name, Read, unit: null, sources[0].Help);
            else _meter.CreateObservableGauge<double>(name, Read, unit: null, sources[0].Help);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static Measurement<double> Measured(MetricValue value) => value.Label is { } label
        ? new Measurement<double>(value.Value, KeyValuePair.Create<string, object?>(label.Name, label.Value))
        : new Measurement<double>(value.Value);
}
