using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service;

/// <summary>
/// Closes connections whose other end has stalled in the middle of a message, and those that have been silent for longer than is allowed while
/// nothing of theirs is under way. Their sessions and generations end with them.
/// </summary>
/// <param name="idleTime">Longest silence; zero allows any.</param>
/// <param name="stallTime">Longest silence in the middle of a message.</param>
internal sealed class IdleConnections(TimeSpan idleTime, TimeSpan stallTime)
{
    private long _closed;

    /// <summary>Connections closed so far.</summary>
    public long Closed => Interlocked.Read(ref _closed);

    /// <summary>Closes those of these that are to be closed.</summary>
    public void Close(IEnumerable<RpcConnection> connections)
    {
        foreach (var connection in connections)
        {
            var silent = TimeSpan.FromMilliseconds(Environment.TickCount64 - connection.LastReceived);
            if (connection.InMessage && silent >= stallTime) Close(connection, $"no byte came for {stallTime.TotalSeconds:F0} s in the middle of a message");
            else if (idleTime > TimeSpan.Zero && silent >= idleTime && connection.Handler is ServiceDispatcher { CallsUnderWay: 0 })
                Close(connection, $"nothing came for {idleTime.TotalSeconds:F0} s");
        }
    }

    private void Close(RpcConnection connection, string why)
    {
        Interlocked.Increment(ref _closed);
        connection.Abort(new RpcClosedException(why));
    }
}
