using System.Net.Sockets;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Client;

/// <summary>
/// Talks to an Atlas service over a Unix domain socket or TCP. Calls are pipelined: any number may be under way, from any thread. They
/// fail with
/// <see cref="RpcException"/> where the service answers with an error, and with <see cref="RpcClosedException"/> where the connection is
/// lost (<see cref="ReconnectPolicy"/>). A cancelled call returns at once; the service may still carry it out, but for generations,
/// which are cancelled there too.
/// </summary>
public sealed class AtlasClient : IAsyncDisposable
{
    private readonly RpcEndpoint _endpoint;
    private readonly AtlasClientOptions _options;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ClientLink _link;
    private long _lastRequest;
    private bool _disposed;

    private AtlasClient(RpcEndpoint endpoint, AtlasClientOptions options, ClientLink link)
    {
        _endpoint = endpoint;
        _options = options;
        _link = link;
    }

    /// <summary>What the service said of itself when the present connection was made.</summary>
    public HelloResult Service => _link.Hello;

    /// <summary>Connections made so far. When it has risen, sessions opened before are gone.</summary>
    public int Generation => _link.Generation;

    /// <summary>Whether the present connection is open.</summary>
    public bool IsConnected => _link.Connection.IsOpen;

    /// <summary>Connects and greets.</summary>
    /// <exception cref="RpcClosedException">Nobody answers there.</exception>
    /// <exception cref="RpcException">The service refuses, such as for a wrong token.</exception>
    public static async Task<AtlasClient> ConnectAsync(
        RpcEndpoint endpoint, AtlasClientOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options ??= new AtlasClientOptions();
        return new AtlasClient(endpoint, options, await OpenLinkAsync(endpoint, options, 1, cancellation).ConfigureAwait(false));
    }

    /// <summary>Greets again and returns what the service says now.</summary>
    public async Task<HelloResult> HelloAsync(CancellationToken cancellation = default)
    {
        ClientLink link = await LinkAsync(cancellation).ConfigureAwait(false);
        return await GreetAsync(link.Connection, _options, cancellation).ConfigureAwait(false);
    }

    /// <summary>Generates completions and returns them whole; <see cref="GenerateParams.Request"/> is set by the client.</summary>
    public async Task<GenerateResult> GenerateAsync(GenerateParams parameters, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ClientLink link = await LinkAsync(cancellation).ConfigureAwait(false);
        parameters.Request = Interlocked.Increment(ref _lastRequest);
        parameters.Stream = false;
        return await GenerateAsync(link, parameters, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Generates completions piece by piece, beginning when the result is enumerated. Request and stream are set by the client; the
    /// parameters must not change while it runs.
    /// </summary>
    public GenerationStream Stream(GenerateParams parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ClientLink? used = null;
        return new GenerationStream(
            Interlocked.Increment(ref _lastRequest),
            _options.Rpc.ContinueInline,
            async (stream, cancellation) =>
            {
                used = await LinkAsync(cancellation).ConfigureAwait(false);
                parameters.Request = stream.Request;
                parameters.Stream = true;
                used.Handler.Add(stream);
                try
                {
                    return await GenerateAsync(used, parameters, cancellation).ConfigureAwait(false);
                }
                finally
                {
                    used.Handler.Remove(stream);
                }
            },
            stream =>
            {
                if (used is not null) CancelRequest(used, stream.Request);
            });
    }

    /// <summary>Opens a sidecar session on the present connection.</summary>
    public Task<PositionResult> OpenAsync(OpenParams parameters, CancellationToken cancellation = default) =>
        CallAsync<PositionResult>(RpcMethods.Open, parameters, cancellation);

    /// <summary>
    /// Commits and drafts for a batch, on the present connection: sessions do not outlive it, so this never reconnects. The result is
    /// filled in. Allocates nothing once warm.
    /// </summary>
    public ValueTask DraftAsync(DraftParams parameters, DraftResult result, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(result);
        return _link.Connection.CallAsync(RpcMethods.Draft, parameters, result, cancellation);
    }

    /// <summary>Commits without drafting, on the present connection.</summary>
    public async Task<PositionResult> CommitAsync(SequenceUpdate parameters, CancellationToken cancellation = default)
    {
        var result = new PositionResult();
        await _link.Connection.CallAsync(RpcMethods.Commit, parameters, result, cancellation).ConfigureAwait(false);
        return result;
    }

    /// <summary>Ends a session of the present connection.</summary>
    public async Task<PositionResult> CloseAsync(CloseParams parameters, CancellationToken cancellation = default)
    {
        var result = new PositionResult();
        await _link.Connection.CallAsync(RpcMethods.Close, parameters, result, cancellation).ConfigureAwait(false);
        return result;
    }

    /// <summary>Tells that the target has changed.</summary>
    public Task<WeightsUpdatedResult> WeightsUpdatedAsync(WeightsUpdatedParams parameters, CancellationToken cancellation = default) =>
        CallAsync<WeightsUpdatedResult>(RpcMethods.WeightsUpdated, parameters, cancellation);

    /// <summary>Deletes a namespace.</summary>
    public Task<ForgetResult> ForgetAsync(string name, CancellationToken cancellation = default) =>
        CallAsync<ForgetResult>(RpcMethods.Forget, new ForgetParams { Namespace = name }, cancellation);

    /// <summary>Figures of the service, or of one namespace.</summary>
    public Task<StatsResult> StatsAsync(string name = "", CancellationToken cancellation = default) =>
        CallAsync<StatsResult>(RpcMethods.Stats, new StatsParams { Namespace = name }, cancellation);

    /// <summary>Saves what was learned.</summary>
    public Task<CheckpointResult> CheckpointAsync(CancellationToken cancellation = default) =>
        CallAsync<CheckpointResult>(RpcMethods.Checkpoint, new CheckpointParams(), cancellation);

    /// <summary>Lets the service finish what runs and take nothing new.</summary>
    public Task<DrainResult> DrainAsync(DrainParams parameters, CancellationToken cancellation = default) =>
        CallAsync<DrainResult>(RpcMethods.Drain, parameters, cancellation);

    /// <summary>Ends the connection; calls under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        // A call that is connecting ends first.
        await _connecting.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        _connecting.Release();
        await _link.Connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<GenerateResult> GenerateAsync(ClientLink link, GenerateParams parameters, CancellationToken cancellation)
    {
        var result = new GenerateResult();
        try
        {
            await link.Connection.CallAsync(RpcMethods.Generate, parameters, result, cancellation).ConfigureAwait(false);
            return result;
        }
        catch (OperationCanceledException)
        {
            CancelRequest(link, parameters.Request);
            throw;
        }
    }

    private static void CancelRequest(ClientLink link, long request)
    {
        try
        {
            link.Connection.Notify(RpcMethods.Cancel, new CancelParams { Request = request });
        }
        catch (RpcClosedException)
        {
            // It ended with its connection.
        }
    }

    private async Task<T> CallAsync<T>(string method, MapMessage parameters, CancellationToken cancellation)
        where T : MapMessage, new()
    {
        ClientLink link = await LinkAsync(cancellation).ConfigureAwait(false);
        var result = new T();
        await link.Connection.CallAsync(method, parameters, result, cancellation).ConfigureAwait(false);
        return result;
    }

    // The present connection, or a new one where the policy allows it.
    private async ValueTask<ClientLink> LinkAsync(CancellationToken cancellation)
    {
        ClientLink link = _link;
        if (link.Connection.IsOpen) return link;
        await _connecting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_link.Connection.IsOpen) return _link;
            if (_options.Reconnect.Attempts == 0)
                throw new RpcClosedException($"the connection to {_endpoint} is lost, and the policy is not to reconnect");
            for (int attempt = 0; ; attempt++)
            {
                await Task.Delay(_options.Reconnect.PauseBefore(attempt), cancellation).ConfigureAwait(false);
                try
                {
                    return _link = await OpenLinkAsync(_endpoint, _options, _link.Generation + 1, cancellation).ConfigureAwait(false);
                }
                catch (RpcClosedException) when (attempt + 1 < _options.Reconnect.Attempts)
                {
                    // The next attempt follows after its pause.
                }
            }
        }
        finally
        {
            _connecting.Release();
        }
    }

    private static async Task<ClientLink> OpenLinkAsync(
        RpcEndpoint endpoint, AtlasClientOptions options, int generation, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ConnectTimeout);
        RpcConnection? connection = null;
        try
        {
            Stream stream = await endpoint.ConnectAsync(limit.Token).ConfigureAwait(false);
            if (options.Secure is { } secure) stream = await secure(stream, limit.Token).ConfigureAwait(false);
            var handler = new ClientHandler();
            connection = new RpcConnection(stream, handler, options.Rpc);
            _ = connection.RunAsync();
            HelloResult hello = await GreetAsync(connection, options, limit.Token).ConfigureAwait(false);
            return new ClientLink(connection, handler, hello, generation);
        }
        catch (Exception e)
        {
            if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
            if (e is SocketException) throw new RpcClosedException($"cannot connect to {endpoint}: {e.Message}", e);
            if (e is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new RpcClosedException($"{endpoint} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s", e);
            throw;
        }
    }

    private static async Task<HelloResult> GreetAsync(RpcConnection connection, AtlasClientOptions options, CancellationToken cancellation)
    {
        var result = new HelloResult();
        var parameters = new HelloParams { Client = options.Name, Token = options.Token };
        await connection.CallAsync(RpcMethods.Hello, parameters, result, cancellation).ConfigureAwait(false);
        return result;
    }
}
