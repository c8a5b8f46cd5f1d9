using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;
using Microsoft.Extensions.Hosting;

namespace Atlas.Host.Service;

/// <summary>
/// Listens on sockets for as long as the host runs. When the host ends, it takes no more connections, lets what runs come to its end within the
/// drain time, and then closes what is open.
/// </summary>
internal sealed class ListenerService : IHostedService, IAsyncDisposable
{
    private readonly AtlasService _service;
    private readonly ServeSettings _settings;
    private readonly List<RpcListener> _listeners = [];

    /// <summary>Listeners over a service; they begin with <see cref="StartAsync"/>.</summary>
    public ListenerService(AtlasService service, ServeSettings settings)
    {
        _service = service;
        _settings = settings;
        var options = new RpcListenerOptions { Rpc = new RpcOptions { MaxMessageBytes = settings.Access.MaxMessageBytes } };
        foreach (var endpoint in settings.Endpoints)
        {
            var dispatch = new ServiceOptions { RequireHello = settings.Access.Token is not null };
            _listeners.Add(new RpcListener(endpoint, () => new ServiceDispatcher(service, dispatch), options));
        }
    }

    /// <summary>Where it listens; ports are the real ones once started.</summary>
    public IEnumerable<RpcEndpoint> Endpoints => _listeners.Select(listener => listener.Endpoint);

    /// <summary>Connections that are open.</summary>
    public int Connections => _listeners.Sum(listener => listener.Connections.Count);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners) await listener.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners) listener.StopAccepting();
        await _service.DrainAsync(_settings.DrainTime).ConfigureAwait(false);
        // Answers that were just written are on their way.
        await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners) await listener.DisposeAsync().ConfigureAwait(false);
        _listeners.Clear();
    }
}
