using Atlas.Host.Service.Http;
using Atlas.Host.Service.Http.OpenAi;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Supervision;
using Atlas.Host.Service.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atlas.Host.Service;

/// <summary>Runs a service on <c>Microsoft.Extensions.Hosting</c> until it is told to end, by SIGTERM, SIGINT or <see cref="StopAsync"/>.</summary>
internal sealed class ServiceRun : IAsyncDisposable
{
    // On top of the drain time, for closing what is open.
    private static readonly TimeSpan TimeToClose = TimeSpan.FromSeconds(10);

    private readonly IHost _host;
    private readonly ListenerService _listeners;
    private readonly MetricExport? _export;
    private readonly SystemdNotifier? _systemd;

    /// <summary>A service that begins with <see cref="StartAsync"/>.</summary>
    public ServiceRun(AtlasService service, MetricSet metrics, ServeSettings settings)
    {
        _listeners = new ListenerService(service, settings);
        metrics.Gauge("connections", "Connections that are open.", () => _listeners.Connections);
        metrics.Gauge("uptime_seconds", "Time since the service started.", () => metrics.UptimeSeconds);
        metrics.Gauge("process_resident_memory_bytes", "Memory of the process.", () => Environment.WorkingSet);
        metrics.Gauge("managed_heap_bytes", "Of this, what the runtime's heap holds, dead objects included until they are collected.", () => GC.GetTotalMemory(forceFullCollection: false));
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.DrainTime + TimeToClose);
        builder.Services.AddSingleton<IHostedService>(_listeners);
        metrics.Counter("connections_closed_idle", "Connections that were closed for their silence.", () => _listeners.ClosedIdle);
        if (settings.HttpPort is not null)
        {
            var openAi = service.Generation is { } generation ? new OpenAiApi(generation, settings.ChatTemplate) : null;
            Http = new HttpService(settings, service, metrics, openAi);
            builder.Services.AddSingleton<IHostedService>(Http);
        }
        if (settings.Export is { } export) builder.Services.AddSingleton<IHostedService>(_export = new MetricExport(export, metrics));
        // The last to start and the first to end.
        if (SystemdSocket.FromEnvironment() is { } systemd)
        {
            _systemd = new SystemdNotifier(systemd, () => $"serves on {string.Join(", ", Addresses)}", service.IsAliveAsync);
            builder.Services.AddSingleton<IHostedService>(_systemd);
        }
        _host = builder.Build();
    }

    /// <summary>HTTP; null where it is off.</summary>
    public HttpService? Http { get; }

    /// <summary>Where it listens; ports are the real ones once started.</summary>
    public IReadOnlyList<string> Addresses => [.. _listeners.Endpoints.Select(endpoint => endpoint.ToString()), .. Http is null ? Array.Empty<string>() : [Http.Address]];

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">An address cannot be used.</exception>
    public Task StartAsync() => _host.StartAsync();

    /// <summary>Returns when the service has been told to end and has ended.</summary>
    public Task WaitAsync() => _host.WaitForShutdownAsync();

    /// <summary>Drains and ends.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _listeners.DisposeAsync().ConfigureAwait(false);
        if (Http is not null) await Http.DisposeAsync().ConfigureAwait(false);
        _export?.Dispose();
        if (_systemd is not null) await _systemd.DisposeAsync().ConfigureAwait(false);
        _host.Dispose();
    }
}
