namespace Atlas.Protocol.Rpc;

/// <summary>
/// Answers what the other end of an <see cref="RpcConnection"/> asks. Called on the connection's reading loop, one message at a time in the
/// order of arrival, so a call must not block; what takes time copies its parameters and answers later, from any thread. Parameters are
/// only valid during the call.
/// </summary>
public interface IRpcHandler
{
    /// <summary>
    /// A request: it is owed one <see cref="RpcConnection.Respond"/> or <see cref="RpcConnection.RespondError"/> with this id. An
    /// <see cref="RpcException"/> thrown here is answered as its error, any other exception as <see cref="RpcErrorCode.Internal"/>.
    /// </summary>
    /// <param name="connection">Where it came from.</param>
    /// <param name="id">The request's number, chosen by the other end.</param>
    /// <param name="method">UTF-8 name; names longer than <see cref="RpcConnection.MaxMethodBytes"/> come empty.</param>
    /// <param name="parameters">Stands before the array of parameters (<see cref="RpcParams"/>).</param>
    void OnRequest(RpcConnection connection, uint id, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters);

    /// <summary>A notification, which is never answered; exceptions thrown here are dropped.</summary>
    void OnNotification(RpcConnection connection, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters);

    /// <summary>The connection has ended; called once. The reason is null where the other end closed it between two messages.</summary>
    void OnClosed(RpcConnection connection, Exception? reason);
}
