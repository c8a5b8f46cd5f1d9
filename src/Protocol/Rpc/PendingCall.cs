using System.Threading.Tasks.Sources;

namespace Atlas.Protocol.Rpc;

/// <summary>A call that waits for its response; pooled by its table, so that calls allocate nothing once warm.</summary>
internal sealed class PendingCall : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly CallTable _table;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private Exception? _failure;

    public PendingCall(CallTable table) => _table = table;

    public uint Id { get; private set; }

    public IRpcValue? Result { get; private set; }

    public ValueTask Task => new(this, _core.Version);

    public void Begin(uint id, IRpcValue? result)
    {
        Id = id;
        Result = result;
    }

    public void CancelWith(CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled) return;
        _registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var call = (PendingCall)state!;
                call._table.Abandon(call, token);
            },
            this);
    }

    /// <summary>Ends the call; only who took it out of the connection's table may. Null for success.</summary>
    public void Complete(Exception? failure, bool inline)
    {
        _failure = failure;
        if (inline) Execute();
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    public void Execute()
    {
        if (_failure is null) _core.SetResult(true);
        else _core.SetException(_failure);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    public void GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            Recycle();
        }
    }

    /// <summary>Makes the call ready for another use.</summary>
    public void Recycle()
    {
        // Waits for a cancellation that is running, which then finds the call gone from the table.
        _registration.Dispose();
        _registration = default;
        _failure = null;
        Result = null;
        _core.Reset();
        _table.Return(this);
    }
}
