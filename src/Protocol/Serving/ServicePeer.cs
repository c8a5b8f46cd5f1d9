using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Serving;

/// <summary>A client's connection as the service sees it.</summary>
public sealed class ServicePeer
{
    /// <summary>A client that has not greeted yet; whoever dispatches its calls makes one.</summary>
    public ServicePeer(RpcConnection connection) => Connection = connection;

    /// <summary>The connection.</summary>
    public RpcConnection Connection { get; }

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Gone => Connection.Aborted;

    /// <summary>Whether a <c>hello</c> of this connection was answered.</summary>
    public bool Greeted { get; internal set; }

    /// <summary>The service's own: its table of this peer's sessions, say.</summary>
    public object? State { get; set; }
}
