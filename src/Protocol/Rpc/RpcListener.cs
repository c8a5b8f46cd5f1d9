using System.Net;
using System.Net.Sockets;

namespace Atlas.Protocol.Rpc;

/// <summary>
/// Accepts connections on an endpoint and runs each with a handler of its own. A Unix domain socket is created with mode 0600, replaces one
/// that nobody listens on any more, and is deleted at the end. Running out of descriptors or memory pauses accepting; a client that is
/// gone before it was accepted is passed over; anything else ends the listener.
/// </summary>
public sealed class RpcListener : IAsyncDisposable
{
    private static readonly TimeSpan PressurePause = TimeSpan.FromMilliseconds(100);

    private readonly RpcEndpoint _endpoint;
    private readonly Func<IRpcHandler> _handlers;
    private readonly RpcListenerOptions _options;
    private readonly RpcOptions _rpcOnOwnThread;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<RpcConnection> _connections = [];
    private int _ownThreads;
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;

    /// <summary>A listener that calls <paramref name="handlers"/> once per connection.</summary>
    public RpcListener(RpcEndpoint endpoint, Func<IRpcHandler> handlers, RpcListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(handlers);
        _endpoint = endpoint;
        _handlers = handlers;
        _options = options ?? new RpcListenerOptions();
        _rpcOnOwnThread = _options.Rpc with { OwnThread = true };
    }

    /// <summary>Where it listens; the port is the real one once started.</summary>
    public RpcEndpoint Endpoint { get; private set; } = RpcEndpoint.Tcp("", 0);

    /// <summary>Ends when accepting has ended; fails with what ended it.</summary>
    public Task Accepting => _accepting;

    /// <summary>Connections that are open now.</summary>
    public IReadOnlyList<RpcConnection> Connections
    {
        get
        {
            lock (_connections) return [.. _connections];
        }
    }

    /// <summary>Binds, listens and begins to accept.</summary>
    /// <exception cref="IOException">Somebody listens there already, or the address cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        EndPoint address = await _endpoint.ResolveAsync(cancellation).ConfigureAwait(false);
        if (_endpoint.Path is { } path) await ClearAsync(path, cancellation).ConfigureAwait(false);
        Socket socket = address is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : _endpoint.CreateSocket();
        try
        {
            socket.Bind(address);
            // Nobody can connect before Listen.
            if (_endpoint.Path is { } created && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(created, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(_options.Backlog);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"cannot listen on {_endpoint}: {e.Message}", e);
        }
        _socket = socket;
        Endpoint = socket.LocalEndPoint is IPEndPoint bound ? RpcEndpoint.Tcp(_endpoint.Host, bound.Port) : _endpoint;
        _accepting = AcceptAsync(socket);
    }

    /// <summary>Takes no more connections; those that are open stay.</summary>
    public void StopAccepting() => _socket?.Dispose();

    /// <summary>Stops accepting, ends all connections and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        StopAccepting();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (RpcConnection connection in Connections) await connection.DisposeAsync().ConfigureAwait(false);
        if (_endpoint.Path is { } path && _socket is not null) File.Delete(path);
        _stop.Dispose();
    }

    // A socket file outlives a killed process.
    private async Task ClearAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return;
        try
        {
            await using Stream other = await _endpoint.ConnectAsync(cancellation).ConfigureAwait(false);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"{path} exists and is no socket of ours ({e.Message}); expected a free path", e);
        }
        throw new IOException($"somebody listens on {path} already; expected a free path");
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket accepted;
            try
            {
                accepted = await socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException
                || (e is SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted }))
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                continue;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                await Task.Delay(PressurePause).ConfigureAwait(false);
                continue;
            }
            if (Connections.Count >= _options.MaxConnections) accepted.Dispose();
            else _ = ServeAsync(accepted);
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        if (accepted.ProtocolType == ProtocolType.Tcp) accepted.NoDelay = true;
        Stream stream = new NetworkStream(accepted, ownsSocket: true);
        try
        {
            if (_options.Secure is { } secure) stream = await secure(stream, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A handshake that fails is the client's affair.
            await stream.DisposeAsync().ConfigureAwait(false);
            return;
        }
        bool ownThread = Interlocked.Increment(ref _ownThreads) <= _options.OwnThreads;
        if (!ownThread) Interlocked.Decrement(ref _ownThreads);
        var connection = new RpcConnection(stream, _handlers(), ownThread ? _rpcOnOwnThread : _options.Rpc);
        lock (_connections) _connections.Add(connection);
        try
        {
            if (_stop.IsCancellationRequested) connection.Abort(null);
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            if (ownThread) Interlocked.Decrement(ref _ownThreads);
            lock (_connections) _connections.Remove(connection);
        }
    }
}
