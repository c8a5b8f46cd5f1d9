using System.Diagnostics;
using System.Text;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Serving;

/// <summary>
/// Turns the requests of one connection into calls of an <see cref="IAtlasService"/>, and its answers into responses. Any method may
/// also come as a notification: it is carried out and not answered. Drafts allocate nothing once warm. One per connection.
/// </summary>
public sealed class ServiceDispatcher : IRpcHandler
{
    private const int PooledDrafts = 4;

    private static readonly NameTable Methods = new(
        RpcMethods.Draft, RpcMethods.Commit, RpcMethods.Open, RpcMethods.Close, RpcMethods.Generate, RpcMethods.Cancel, RpcMethods.Hello,
        RpcMethods.Stats, RpcMethods.Forget, RpcMethods.WeightsUpdated, RpcMethods.Checkpoint, RpcMethods.Drain);

    private readonly IAtlasService _service;
    private readonly ServiceOptions _options;
    private readonly Stack<DraftCall> _freeDrafts = new();
    private readonly Dictionary<long, CancellationTokenSource> _generations = [];
    private readonly Lock _lock = new();
    private ServicePeer? _peer;
    private int _calls;

    /// <summary>A dispatcher for one connection.</summary>
    public ServiceDispatcher(IAtlasService service, ServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        _service = service;
        _options = options ?? new ServiceOptions();
    }

    /// <summary>Calls that were taken and not answered yet.</summary>
    public int CallsUnderWay => Volatile.Read(ref _calls);

    /// <summary>Names of all methods that are answered.</summary>
    public static IReadOnlyList<string> MethodNames { get; } = [.. Methods.Names];

    /// <inheritdoc/>
    public void OnRequest(RpcConnection connection, uint id, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters) =>
        Dispatch(PeerOf(connection), id, method, ref parameters);

    /// <inheritdoc/>
    public void OnNotification(RpcConnection connection, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters) =>
        Dispatch(PeerOf(connection), null, method, ref parameters);

    /// <inheritdoc/>
    public void OnClosed(RpcConnection connection, Exception? reason) => _service.OnPeerGone(PeerOf(connection), reason);

    /// <summary>Answers a draft and takes its objects back.</summary>
    internal void Finish(DraftCall call, Exception? failure)
    {
        Interlocked.Decrement(ref _calls);
        if (call.Id is { } id)
        {
            if (failure is null) _peer!.Connection.Respond(id, call.Result);
            else _peer!.Connection.RespondError(id, ErrorOf(failure));
        }
        if (failure is null) _service.OnDraftAnswered(_peer!);
        lock (_lock)
        {
            if (_freeDrafts.Count < PooledDrafts) _freeDrafts.Push(call);
        }
    }

    private static RpcError ErrorOf(Exception e) => e switch
    {
        RpcException known => known.Error,
        OperationCanceledException => new RpcError { Code = RpcErrorCode.Cancelled, Message = "cancelled" },
        _ => new RpcError { Code = RpcErrorCode.Internal, Message = e.Message },
    };

    private ServicePeer PeerOf(RpcConnection connection) => _peer ??= new ServicePeer(connection);

    private void Dispatch(ServicePeer peer, uint? id, scoped ReadOnlySpan<byte> method, ref MessagePackReader reader)
    {
        int index = Methods.IndexOf(method);
        if (index < 0)
        {
            string known = string.Join(", ", MethodNames);
            throw new RpcException(RpcErrorCode.UnknownMethod, $"no method '{Encoding.UTF8.GetString(method)}'; expected {known}");
        }
        string name = Methods.Names[index];
        if (_options.RequireHello && !peer.Greeted && name != RpcMethods.Hello)
            throw new RpcException(RpcErrorCode.Unauthorized, $"{name} before hello; expected hello with the bearer token first");
        if (Volatile.Read(ref _calls) >= _options.MaxCalls && name != RpcMethods.Cancel)
            throw new RpcException(RpcErrorCode.Overloaded, $"{_options.MaxCalls} calls of this connection are under way, its limit");
        switch (name)
        {
            case RpcMethods.Draft:
                Draft(peer, id, ref reader);
                break;
            case RpcMethods.Commit:
                Start(id, _service.CommitAsync(peer, Read<SequenceUpdate>(ref reader), peer.Gone));
                break;
            case RpcMethods.Open:
                Start(id, _service.OpenAsync(peer, Read<OpenParams>(ref reader), peer.Gone));
                break;
            case RpcMethods.Close:
                Start(id, _service.CloseAsync(peer, Read<CloseParams>(ref reader), peer.Gone));
                break;
            case RpcMethods.Generate:
                Start(id, GenerateAsync(peer, Read<GenerateParams>(ref reader)));
                break;
            case RpcMethods.Cancel:
                Start(id, ValueTask.FromResult(Cancel(Read<CancelParams>(ref reader))));
                break;
            case RpcMethods.Hello:
                Start(id, HelloAsync(peer, Read<HelloParams>(ref reader)));
                break;
            case RpcMethods.Stats:
                Start(id, _service.StatsAsync(peer, Read<StatsParams>(ref reader), peer.Gone));
                break;
            case RpcMethods.Forget:
                Start(id, _service.ForgetAsync(peer, Read<ForgetParams>(ref reader), peer.Gone));
                break;
            case RpcMethods.WeightsUpdated:
                Start(id, _service.WeightsUpdatedAsync(peer, Read<WeightsUpdatedParams>(ref reader), peer.Gone));
                break;
            case RpcMethods.Checkpoint:
                Start(id, _service.CheckpointAsync(peer, Read<CheckpointParams>(ref reader), peer.Gone));
                break;
            case RpcMethods.Drain:
                Start(id, _service.DrainAsync(peer, Read<DrainParams>(ref reader), peer.Gone));
                break;
        }
    }

    private static T Read<T>(ref MessagePackReader reader)
        where T : MapMessage, new()
    {
        var parameters = new T();
        RpcParams.Read(ref reader, parameters);
        return parameters;
    }

    private void Start<T>(uint? id, ValueTask<T> running)
        where T : MapMessage
    {
        Interlocked.Increment(ref _calls);
        _ = AnswerAsync(id, running);
    }

    private async Task AnswerAsync<T>(uint? id, ValueTask<T> running)
        where T : MapMessage
    {
        RpcConnection connection = _peer!.Connection;
        try
        {
            T result = await running.ConfigureAwait(false);
            if (id is { } asked) connection.Respond(asked, result);
        }
        catch (Exception e)
        {
            if (id is { } asked) connection.RespondError(asked, ErrorOf(e));
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    private void Draft(ServicePeer peer, uint? id, ref MessagePackReader reader)
    {
        long receivedAt = Stopwatch.GetTimestamp();
        DraftCall? call;
        lock (_lock)
        {
            if (!_freeDrafts.TryPop(out call)) call = new DraftCall(this);
        }
        Interlocked.Increment(ref _calls);
        call.Id = id;
        ValueTask running;
        try
        {
            RpcParams.Read(ref reader, call.Parameters);
            call.Parameters.ReceivedAt = receivedAt;
            call.Result.Clear();
            running = _service.DraftAsync(peer, call.Parameters, call.Result, peer.Gone);
        }
        catch (Exception e)
        {
            Finish(call, e);
            return;
        }
        call.Await(running);
    }

    private async ValueTask<HelloResult> HelloAsync(ServicePeer peer, HelloParams parameters)
    {
        HelloResult result = await _service.HelloAsync(peer, parameters, peer.Gone).ConfigureAwait(false);
        peer.Greeted = true;
        return result;
    }

    private async ValueTask<GenerateResult> GenerateAsync(ServicePeer peer, GenerateParams parameters)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(peer.Gone);
        long request = parameters.Request;
        lock (_lock)
        {
            if (request > 0 && !_generations.TryAdd(request, cancellation))
                throw RpcException.Invalid("request", $"{request} runs already on this connection; expected another number");
        }
        try
        {
            var stream = new TokenStream(peer.Connection, parameters);
            return await _service.GenerateAsync(peer, parameters, stream, cancellation.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock) _generations.Remove(request);
        }
    }

    private CancelResult Cancel(CancelParams parameters)
    {
        lock (_lock)
        {
            if (!_generations.TryGetValue(parameters.Request, out CancellationTokenSource? running)) return new CancelResult();
            // What reacts to it runs in the pool, not under the lock.
            _ = running.CancelAsync();
            return new CancelResult { Cancelled = true };
        }
    }
}
