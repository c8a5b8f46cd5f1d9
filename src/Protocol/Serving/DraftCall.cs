using System.Runtime.CompilerServices;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Serving;

/// <summary>One <c>draft</c> on its way: parameters, result and what happens when the service is done, all of it reused.</summary>
internal sealed class DraftCall
{
    private readonly ServiceDispatcher _dispatcher;
    private readonly Action _finish;
    private ValueTaskAwaiter _awaiter;

    public DraftCall(ServiceDispatcher dispatcher)
    {
        _dispatcher = dispatcher;
        _finish = Finish;
    }

    /// <summary>Number of the request; null for a notification, which is not answered.</summary>
    public uint? Id { get; set; }

    public DraftParams Parameters { get; } = new();

    public DraftResult Result { get; } = new();

    public void Await(ValueTask running)
    {
        _awaiter = running.GetAwaiter();
        if (_awaiter.IsCompleted) Finish();
        else _awaiter.UnsafeOnCompleted(_finish);
    }

    private void Finish()
    {
        Exception? failure = null;
        try
        {
            _awaiter.GetResult();
        }
        catch (Exception e)
        {
            failure = e;
        }
        _awaiter = default;
        _dispatcher.Finish(this, failure);
    }
}
