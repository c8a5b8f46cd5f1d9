namespace Atlas.Protocol.Rpc;

/// <summary>Calls of this end that wait for their responses. Calls are pooled, so that they allocate nothing once warm. Thread-safe.</summary>
/// <param name="end">Of the connection.</param>
/// <param name="continueInline">Whether who awaits a call goes on in the reading loop.</param>
internal sealed class CallTable(ConnectionEnd end, bool continueInline)
{
    private const int PooledCalls = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<uint, PendingCall> _calls = [];
    private readonly Stack<PendingCall> _free = new();
    private uint _lastId;
    private bool _closed;

    /// <summary>A call with an id of its own, which waits from now on.</summary>
    /// <param name="result">Where its result goes; null drops it.</param>
    /// <exception cref="RpcClosedException">The connection has ended.</exception>
    public PendingCall Begin(IRpcValue? result)
    {
        lock (_lock)
        {
            // The connection's end is known before the table is closed.
            if (_closed) end.ThrowIfClosed();
            var call = _free.TryPop(out PendingCall? free) ? free : new PendingCall(this);
            do _lastId++;
            while (_calls.ContainsKey(_lastId));
            call.Begin(_lastId, result);
            _calls.Add(_lastId, call);
            return call;
        }
    }

    /// <summary>Takes a call out; whoever gets true, and nobody else, completes or recycles it.</summary>
    public bool TryTake(PendingCall call)
    {
        lock (_lock) return _calls.TryGetValue(call.Id, out PendingCall? known) && known == call && _calls.Remove(call.Id);
    }

    /// <summary>A cancelled call is forgotten; its id stays unused, so a late response finds nothing.</summary>
    public void Abandon(PendingCall call, CancellationToken cancellation)
    {
        if (TryTake(call)) call.Complete(new OperationCanceledException(cancellation), inline: false);
    }

    /// <summary>Takes back a call that was awaited.</summary>
    public void Return(PendingCall call)
    {
        lock (_lock)
        {
            if (_free.Count < PooledCalls) _free.Push(call);
        }
    }

    /// <summary>A response has come; one that nobody waits for is dropped.</summary>
    /// <param name="id">The call's.</param>
    /// <param name="reader">Before its error.</param>
    public void OnResponse(uint id, ref MessagePackReader reader)
    {
        PendingCall? call;
        lock (_lock)
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
        call.Complete(failure, continueInline);
    }

    /// <summary>Fails all that wait, and takes no more.</summary>
    public void Close()
    {
        PendingCall[] left;
        lock (_lock)
        {
            _closed = true;
            left = [.. _calls.Values];
            _calls.Clear();
        }
        string why = end.Reason is { } reason ? $"the connection ended: {reason.Message}" : "the other end closed the connection";
        foreach (PendingCall call in left) call.Complete(new RpcClosedException(why, end.Reason), inline: false);
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
}
