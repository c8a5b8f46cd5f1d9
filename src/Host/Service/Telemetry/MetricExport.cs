using Atlas.Host.Service.Metrics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Atlas.Host.Service.Telemetry;

/// <summary>
/// Sends the service's figures to an OpenTelemetry collector for as long as the host runs, from a thread of its own, and once more at its end. A
/// collector that is not there is tried again the next time; the service does not wait for it.
/// </summary>
/// <param name="settings">Where to.</param>
/// <param name="metrics">Figures; those that there are when it starts.</param>
internal sealed class MetricExport(ExportSettings settings, MetricSet metrics) : IHostedService, IDisposable
{
    private const int MillisecondsToEnd = 3000;

    private MetricInstruments? _instruments;
    private MeterProvider? _provider;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _instruments = new MetricInstruments(metrics);
        var exporter = new OtlpMetricExporter(new OtlpExporterOptions
        {
            Endpoint = settings.Endpoint,
            Protocol = settings.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            TimeoutMilliseconds = MillisecondsToEnd,
        });
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("atlas", serviceVersion: typeof(MetricExport).Assembly.GetName().Version?.ToString(3)))
            .AddMeter(MetricInstruments.MeterName)
            .AddReader(new PeriodicExportingMetricReader(exporter, (int)settings.Interval.TotalMilliseconds))
            .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() => _provider?.Shutdown(MillisecondsToEnd), CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose()
    {
        _provider?.Dispose();
        _instruments?.Dispose();
    }
}
