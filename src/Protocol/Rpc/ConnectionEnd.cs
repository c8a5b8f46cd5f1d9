namespace Atlas.Protocol.Rpc;

/// <summary>Whether a connection has ended, and why: the first reason counts. Thread-safe.</summary>
/// <param name="aborted">The connection's, cancelled when it ends.</param>
internal sealed class ConnectionEnd(CancellationTokenSource aborted)
{
    private readonly Lock _lock = new();
    private bool _closed;

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Aborted => aborted.Token;

    /// <summary>Whether it has ended.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>What ended it; null before, and where the other end closed it in order.</summary>
    public Exception? Reason { get; private set; }

    /// <summary>Ends it; false where it had ended before.</summary>
    public bool TryClose(Exception? reason)
    {
        lock (_lock)
        {
            if (_closed) return false;
            Reason = reason;
            Volatile.Write(ref _closed, true);
            return true;
        }
    }

    /// <summary>Tells whatever is being done on the connection's behalf; callbacks run in the pool, since this may be within a lock.</summary>
    public void Abort() => _ = aborted.CancelAsync();

    /// <summary>Throws where it has ended.</summary>
    /// <exception cref="RpcClosedException">It has.</exception>
    public void ThrowIfClosed()
    {
        if (!IsClosed) return;
        string why = Reason is null ? "the connection has ended" : $"the connection has ended: {Reason.Message}";
        throw new RpcClosedException(why, Reason);
    }
}
