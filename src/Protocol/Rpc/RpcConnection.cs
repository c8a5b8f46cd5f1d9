using System.Buffers;
using System.IO.Pipelines;

namespace Atlas.Protocol.Rpc;

/// <summary>
/// One end of a MessagePack-RPC connection; both ends may call, answer and notify. Calls are pipelined and answered in any order. Reading
/// and sending allocate nothing per message once warm. Thread-safe, but for <see cref="RunAsync"/>, which is called once.
/// </summary>
public sealed class RpcConnection : IAsyncDisposable
{
    /// <summary>Longest method name that reaches a handler.</summary>
    public const int MaxMethodBytes = 64;

    private const int PooledCalls = 64;

    private readonly Stream _stream;
    private readonly IRpcHandler _handler;
    private readonly RpcOptions _options;
    private readonly PipeReader _input;
    private readonly FrameScanner _scanner;
    // Who sends writes here and, where nothing is being sent, sends at once, on its own thread; else what is being sent takes it along.
    private readonly Pipe _output;
    private readonly Lock _sendLock = new();
    private readonly Lock _callLock = new();
    private readonly Dictionary<uint, PendingCall> _calls = [];
    private readonly Stack<PendingCall> _freeCalls = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _lastId;
    private long _unsent;
    private bool _closed;
    private Exception? _reason;
    private int _started;

    /// <summary>A connection over a stream that it owns. Nothing is read before <see cref="RunAsync"/>.</summary>
    public RpcConnection(Stream stream, IRpcHandler handler, RpcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(handler);
        _stream = stream;
        _handler = handler;
        _options = options ?? new RpcOptions();
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 << 10, minimumReadSize: 2 << 10, leaveOpen: true));
        _scanner = new FrameScanner(_options.MaxMessageBytes, _options.MaxDepth);
        _output = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: 0,
            useSynchronizationContext: false));
    }

    /// <summary>Who takes what comes.</summary>
    public IRpcHandler Handler => _handler;

    /// <summary>Cancelled when the connection ends, for whatever is being done on its behalf.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>Ends when the connection has ended and its handler knows; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether calls and notifications are still taken.</summary>
    public bool IsOpen => !Volatile.Read(ref _closed);

    /// <summary><see cref="Environment.TickCount64"/> of when bytes last came; for limits on idle time.</summary>
    public long LastReceived { get; private set; } = Environment.TickCount64;

    /// <summary>Whether a message has begun and not ended; with <see cref="LastReceived"/> this shows an end that has stalled.</summary>
    public bool InMessage => _scanner.InMessage;

    /// <summary>
    /// Reads and dispatches messages until the connection ends; never fails: the reason goes to <see cref="IRpcHandler.OnClosed"/>.
    /// </summary>
    public async Task RunAsync()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0) throw new InvalidOperationException("the connection runs already");
        Task sending = SendAsync();
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
        await _input.CompleteAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        try
        {
            _handler.OnClosed(this, _reason);
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
        PendingCall call;
        lock (_callLock)
        {
            ThrowIfClosed();
            call = _freeCalls.TryPop(out PendingCall? free) ? free : new PendingCall(this);
            do _lastId++;
            while (_calls.ContainsKey(_lastId));
            call.Begin(_lastId, result);
            _calls.Add(_lastId, call);
        }
        ValueTask task = call.Task;
        call.CancelWith(cancellation);
        try
        {
            Send(RpcMessageType.Request, call.Id, method, parameters, null);
        }
        catch (Exception)
        {
            if (TryTake(call)) call.Recycle();
            throw;
        }
        return task;
    }

    /// <summary>Sends a notification, which is not answered.</summary>
    /// <exception cref="RpcClosedException">The connection has ended.</exception>
    public void Notify(string method, IRpcValue? parameters) => Send(RpcMessageType.Notification, 0, method, parameters, null);

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
            await _input.CompleteAsync().ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
            _ended.TrySetResult();
        }
    }

    /// <summary>A cancelled call is forgotten; its id stays unused, so a late response finds nothing.</summary>
    internal void Abandon(PendingCall call, CancellationToken cancellation)
    {
        if (TryTake(call)) call.Complete(new OperationCanceledException(cancellation), inline: false);
    }

    /// <summary>Takes back a call that was awaited.</summary>
    internal void Return(PendingCall call)
    {
        lock (_callLock)
        {
            if (_freeCalls.Count < PooledCalls) _freeCalls.Push(call);
        }
    }

    private bool TryTake(PendingCall call)
    {
        lock (_callLock) return _calls.TryGetValue(call.Id, out PendingCall? known) && known == call && _calls.Remove(call.Id);
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            ReadResult read = await _input.ReadAsync(_aborted.Token).ConfigureAwait(false);
            LastReceived = Environment.TickCount64;
            ReadOnlySequence<byte> rest = Dispatch(read.Buffer);
            if (read.IsCompleted)
            {
                if (!rest.IsEmpty)
                    throw new RpcProtocolException($"the connection ended inside a message, {rest.Length} bytes after its beginning");
                return;
            }
            _input.AdvanceTo(rest.Start, rest.End);
        }
    }

    private ReadOnlySequence<byte> Dispatch(ReadOnlySequence<byte> buffer)
    {
        while (_scanner.TryScan(buffer, out long length))
        {
            var reader = new MessagePackReader(buffer.Slice(0, length));
            try
            {
                DispatchMessage(ref reader);
            }
            catch (Exception e) when (RpcException.IsWireFault(e))
            {
                throw new RpcProtocolException($"a message is no MessagePack-RPC: {e.Message}");
            }
            buffer = buffer.Slice(length);
        }
        return buffer;
    }

    private void DispatchMessage(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count == 0) throw new RpcProtocolException("a message is an empty array; expected 3 or 4 elements");
        var type = (RpcMessageType)reader.ReadInt32();
        int expected = type switch
        {
            RpcMessageType.Request or RpcMessageType.Response => 4,
            RpcMessageType.Notification => 3,
            _ => throw new RpcProtocolException($"a message of type {(int)type}; expected 0, 1 or 2"),
        };
        if (count != expected) throw new RpcProtocolException($"a message of type {(int)type} has {count} elements; expected {expected}");
        uint id = type == RpcMessageType.Notification ? 0 : reader.ReadUInt32();
        if (type == RpcMessageType.Response)
        {
            OnResponse(id, ref reader);
            return;
        }
        if (reader.TryReadStringSpan(out ReadOnlySpan<byte> method))
        {
            OnCall(type, id, method.Length <= MaxMethodBytes ? method : default, ref reader);
            return;
        }
        var pieces = reader.ReadStringSequence() ?? throw new RpcProtocolException("a message's method is nil; expected a name");
        Span<byte> joined = stackalloc byte[MaxMethodBytes];
        int length = pieces.Length <= MaxMethodBytes ? (int)pieces.Length : 0;
        pieces.Slice(0, length).CopyTo(joined);
        OnCall(type, id, joined[..length], ref reader);
    }

    private void OnCall(RpcMessageType type, uint id, scoped ReadOnlySpan<byte> method, ref MessagePackReader reader)
    {
        try
        {
            if (type == RpcMessageType.Request) _handler.OnRequest(this, id, method, ref reader);
            else _handler.OnNotification(this, method, ref reader);
        }
        catch (Exception e)
        {
            if (type != RpcMessageType.Request) return;
            RespondError(id, e is RpcException known ? known.Error : new RpcError { Code = RpcErrorCode.Internal, Message = e.Message });
        }
    }

    private void OnResponse(uint id, ref MessagePackReader reader)
    {
        PendingCall? call;
        lock (_callLock)
        {
            if (!_calls.Remove(id, out call)) return;
        }
        Exception? failure = null;
        try
        {
            if (!reader.TryReadNil()) failure = new RpcException(ReadError(ref reader));
            else call.Result?.Read(ref reader);
        }
        catch (Exception e)
        {
            failure = e is RpcException known
                ? new RpcProtocolException($"the response is not of the method's type: {known.Error.Message}")
                : e;
        }
        call.Complete(failure, _options.ContinueInline);
    }

    // Other servers' errors may be of any type.
    private static RpcError ReadError(ref MessagePackReader reader)
    {
        var error = new RpcError();
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Map:
                error.Read(ref reader);
                return error;
            case MessagePackType.String:
                error.Message = reader.ReadString()!;
                return error;
            default:
                error.Message = $"an error of MessagePack type {reader.NextMessagePackType}";
                return error;
        }
    }

    private void SendResponse(uint id, IRpcValue? result, RpcError? error)
    {
        try
        {
            Send(RpcMessageType.Response, id, null, result, error);
        }
        catch (RpcClosedException)
        {
            // Who asked is gone.
        }
    }

    private void Send(RpcMessageType type, uint id, string? method, IRpcValue? value, RpcError? error)
    {
        lock (_sendLock)
        {
            ThrowIfClosed();
            try
            {
                Write(type, id, method, value, error);
                if (Interlocked.Add(ref _unsent, _output.Writer.UnflushedBytes) > _options.MaxUnsentBytes)
                    throw new RpcClosedException($"more than {_options.MaxUnsentBytes} bytes wait to be sent: the other end does not read");
            }
            catch (Exception e)
            {
                // Half a message may be in the pipe.
                Close(e);
                throw;
            }
            // Without a pause threshold this never waits.
            ValueTask<FlushResult> flush = _output.Writer.FlushAsync();
            if (!flush.IsCompletedSuccessfully) flush.AsTask().GetAwaiter().GetResult();
        }
    }

    private void Write(RpcMessageType type, uint id, string? method, IRpcValue? value, RpcError? error)
    {
        var writer = new MessagePackWriter(_output.Writer);
        writer.WriteArrayHeader(type == RpcMessageType.Notification ? 3 : 4);
        writer.Write((int)type);
        if (type != RpcMessageType.Notification) writer.Write(id);
        if (type != RpcMessageType.Response)
        {
            writer.Write(method);
            RpcParams.Write(ref writer, value);
        }
        else
        {
            if (error is null) writer.WriteNil();
            else error.Write(ref writer);
            if (value is null || error is not null) writer.WriteNil();
            else value.Write(ref writer);
        }
        writer.Flush();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                ReadResult read = await _output.Reader.ReadAsync(_aborted.Token).ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                    await _stream.WriteAsync(piece, _aborted.Token).ConfigureAwait(false);
                Interlocked.Add(ref _unsent, -read.Buffer.Length);
                _output.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }
        catch (Exception e)
        {
            Close(e);
        }
    }

    private void ThrowIfClosed()
    {
        if (!Volatile.Read(ref _closed)) return;
        string why = _reason is null ? "the connection has ended" : $"the connection has ended: {_reason.Message}";
        throw new RpcClosedException(why, _reason);
    }

    // The first reason counts.
    private void Close(Exception? reason)
    {
        PendingCall[] left;
        lock (_callLock)
        {
            if (_closed) return;
            _reason = reason;
            Volatile.Write(ref _closed, true);
            left = [.. _calls.Values];
            _calls.Clear();
        }
        // Callbacks run in the pool: this may be within the sending lock.
        _ = _aborted.CancelAsync();
        string why = reason is null ? "the other end closed the connection" : $"the connection ended: {reason.Message}";
        foreach (PendingCall call in left) call.Complete(new RpcClosedException(why, reason), inline: false);
    }
}
