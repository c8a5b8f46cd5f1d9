namespace Atlas.Protocol.Rpc;

/// <summary>Limits of an <see cref="RpcListener"/>. Immutable.</summary>
public sealed record RpcListenerOptions
{
    /// <summary>Limits of each connection.</summary>
    public RpcOptions Rpc { get; init; } = new();

    /// <summary>Most connections at once; further ones are closed when accepted.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>
    /// Connections at once that are read by a thread of their own (<see cref="RpcOptions.OwnThread"/>); those beyond are read by the thread pool.
    /// </summary>
    public int OwnThreads { get; init; } = 16;

    /// <summary>Connections that may wait to be accepted.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>What every accepted stream passes through first, such as the server's side of TLS; null for nothing.</summary>
    public Func<Stream, CancellationToken, Task<Stream>>? Secure { get; init; }
}
