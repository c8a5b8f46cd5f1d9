using System.Net.Sockets;

namespace Atlas.Protocol.Rpc;

/// <summary>
/// One end of a MessagePack-RPC connection; both ends may call, answer and notify. Calls are pipelined and answered in any order. Reading
/// and sending allocate nothing per message once warm. Thread-safe, but for <see cref="RunAsync"/>, which is called once.
/// </summary>
public sealed class RpcConnection : IAsyncDisposable
{
    /// <summary>Longest method name that reaches a handler.</summary>
    public const int MaxMethodBytes = 64;

    private readonly Stream _stream;
    private readonly Socket? _waitedOn;
    private readonly IRpcHandler _handler;
    private readonly CancellationTokenSource _aborted = new();
    private readonly ConnectionEnd _end;
    private readonly CallTable _calls;
    private readonly MessageReceiver _receiver;
    private readonly MessageSender _sender;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    /// <summary>A connection over a stream that it owns. Nothing is read before <see cref="RunAsync"/>.</summary>
    public RpcConnection(Stream stream, IRpcHandler handler, RpcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(handler);
        _stream = stream;
        _handler = handler;
        options ??= new RpcOptions();
        _waitedOn = options.OwnThread && stream is NetworkStream network ? network.Socket : null;
        _end = new ConnectionEnd(_aborted);
        _calls = new CallTable(_end, options.ContinueInline);
        _receiver = new MessageReceiver(this, stream, _calls, options);
        _sender = new MessageSender(stream, _end, Close, options.MaxUnsentBytes);
    }

    /// <summary>Who takes what comes.</summary>
    public IRpcHandler Handler => _handler;

    /// <summary>Cancelled when the connection ends, for whatever is being done on its behalf.</summary>
    public CancellationToken Aborted => _end.Aborted;

    /// <summary>Ends when the connection has ended and its handler knows; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether calls and notifications are still taken.</summary>
    public bool IsOpen => !_end.IsClosed;

    /// <summary><see cref="Environment.TickCount64"/> of when bytes last came; for limits on idle time.</summary>
    public long LastReceived => _receiver.LastReceived;

    /// <summary>Whether a message has begun and not ended; with <see cref="LastReceived"/> this shows an end that has stalled.</summary>
    public bool InMessage => _receiver.InMessage;

    /// <summary>
    /// Reads and dispatches messages until the connection ends; never fails: the reason goes to <see cref="IRpcHandler.OnClosed"/>.
    /// </summary>
    public async Task RunAsync()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0) throw new InvalidOperationException("the connection runs already");
        Task sending = _sender.RunAsync();
        Exception? reason = null;
        try
        {
            await ReceiveAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            reason = e;
        }
        Close(reason);
        await sending.ConfigureAwait(false);
        await _receiver.CompleteAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        try
        {
            _handler.OnClosed(this, _end.Reason);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Calls a method and reads its result into <paramref name="result"/>; null takes any result and drops it.</summary>
    /// <remarks>The task is awaited once. When cancelled, a response that still comes is dropped.</remarks>
    /// <exception cref="RpcException">The other end answered with an error.</exception>
    /// <exception cref="RpcClosedException">The connection ended first.</exception>
    public ValueTask CallAsync(string method, IRpcValue? parameters, IRpcValue? result, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        PendingCall call = _calls.Begin(result);
        ValueTask task = call.Task;
        call.CancelWith(cancellation);
        try
        {
            _sender.Send(RpcMessageType.Request, call.Id, method, parameters, null);
        }
        catch (Exception)
        {
            if (_calls.TryTake(call)) call.Recycle();
            throw;
        }
        return task;
    }

    /// <summary>Sends a notification, which is not answered.</summary>
    /// <exception cref="RpcClosedException">The connection has ended.</exception>
    public void Notify(string method, IRpcValue? parameters) => _sender.Send(RpcMessageType.Notification, 0, method, parameters, null);

    /// <summary>A notification that waits for <see cref="Flush"/>, or for whatever is sent before: for several at once, which go out in one piece.</summary>
    /// <exception cref="RpcClosedException">The connection has ended.</exception>
    public void Hold(string method, IRpcValue? parameters) => _sender.Hold(RpcMessageType.Notification, 0, method, parameters, null);

    /// <summary>Sends what was held back; does nothing where nothing was, or the connection has ended.</summary>
    public void Flush() => _sender.Flush();

    /// <summary>Answers a request. Dropped without an error where the connection has ended.</summary>
    public void Respond(uint id, IRpcValue result) => SendResponse(id, result, null);

    /// <summary>Answers a request with an error. Dropped without an error where the connection has ended.</summary>
    public void RespondError(uint id, RpcError error) => SendResponse(id, null, error);

    /// <summary>Ends the connection at once: what waits to be sent is dropped, calls fail, the reason goes to the handler.</summary>
    public void Abort(Exception? reason) => Close(reason ?? new RpcClosedException("closed by this end"));

    /// <summary>
    /// Ends the connection, if need be, and waits until it has; not to be awaited by its handler, which has <see cref="Abort"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Abort(null);
        if (Volatile.Read(ref _started) != 0)
        {
            await Ended.ConfigureAwait(false);
        }
        else
        {
            await _receiver.CompleteAsync().ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
            _ended.TrySetResult();
        }
    }

    private Task ReceiveAsync() => _waitedOn is { } socket
        ? Task.Factory.StartNew(() => _receiver.Run(socket), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : _receiver.RunAsync();

    private void SendResponse(uint id, IRpcValue? result, RpcError? error)
    {
        try
        {
            _sender.Send(RpcMessageType.Response, id, null, result, error);
        }
        catch (RpcClosedException)
        {
            // Who asked is gone.
        }
    }

    private void Close(Exception? reason)
    {
        if (!_end.TryClose(reason)) return;
        _end.Abort();
        _calls.Close();
        WakeReader();
    }

    private void WakeReader()
    {
        try
        {
            _waitedOn?.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other end is gone, and the reader knows.
        }
    }
}
