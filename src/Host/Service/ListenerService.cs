using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;
using Microsoft.Extensions.Hosting;

namespace Atlas.Host.Service;

/// <summary>
/// Listens on sockets for as long as the host runs, TCP with TLS where there is a certificate. When the host ends, it takes no more connections,
/// lets what runs come to its end within the drain time, and then closes what is open.
/// </summary>
internal sealed class ListenerService : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    private readonly AtlasService _service;
    private readonly ServeSettings _settings;
    private readonly List<RpcListener> _listeners = [];
    private readonly IdleConnections _idle;
    private Timer? _watch;

    /// <summary>Listeners over a service; they begin with <see cref="StartAsync"/>.</summary>
    public ListenerService(AtlasService service, ServeSettings settings)
    {
        _service = service;
        _settings = settings;
        _idle = new IdleConnections(settings.IdleTime, settings.StallTime);
        var options = new RpcListenerOptions { Rpc = new RpcOptions { MaxMessageBytes = settings.Access.MaxMessageBytes } };
        foreach (var endpoint in settings.Endpoints)
        {
            var dispatch = new ServiceOptions { RequireHello = settings.Access.Token is not null };
            var own = endpoint.Path is null && settings.Certificate is { } certificate
                ? options with { Secure = (stream, cancellation) => SecureAsync(stream, certificate, cancellation) }
                : options;
            _listeners.Add(new RpcListener(endpoint, () => new ServiceDispatcher(service, dispatch), own));
        }
    }

    /// <summary>Where it listens; ports are the real ones once started.</summary>
    public IEnumerable<RpcEndpoint> Endpoints => _listeners.Select(listener => listener.Endpoint);

    /// <summary>Connections that are open.</summary>
    public int Connections => _listeners.Sum(listener => listener.Connections.Count);

    /// <summary>Connections that were closed for their silence.</summary>
    public long ClosedIdle => _idle.Closed;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners) await listener.StartAsync(cancellationToken).ConfigureAwait(false);
        _watch = new Timer(_ => _idle.Close(_listeners.SelectMany(listener => listener.Connections)), null, IdlePeriod, IdlePeriod);
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
        if (_watch is not null) await _watch.DisposeAsync().ConfigureAwait(false);
        foreach (var listener in _listeners) await listener.DisposeAsync().ConfigureAwait(false);
        _listeners.Clear();
    }

    private static async Task<Stream> SecureAsync(Stream stream, X509Certificate2 certificate, CancellationToken cancellation)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HandshakeTime);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, limit.Token).ConfigureAwait(false);
        return secure;
    }
}
