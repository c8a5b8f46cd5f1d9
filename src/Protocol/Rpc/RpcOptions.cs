namespace Atlas.Protocol.Rpc;

/// <summary>Limits and manners of an <see cref="RpcConnection"/>. Immutable.</summary>
public sealed record RpcOptions
{
    /// <summary>Longest message that is taken, in bytes; a longer one closes the connection before it is buffered.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>Most arrays and maps within one another, 1 to 64; deeper ones close the connection.</summary>
    public int MaxDepth { get; init; } = 16;

    /// <summary>Bytes that may wait to be sent; more means the other end does not read, and closes the connection.</summary>
    public int MaxUnsentBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Whether who awaits a call, or the next piece of a stream, goes on in the reading loop. That saves a hop between threads, and such code must not block; otherwise
    /// it goes on in the thread pool.
    /// </summary>
    public bool ContinueInline { get; init; }

    /// <summary>
    /// Whether a thread of its own reads the connection, where that is a socket without TLS. What comes is then taken one hop between threads sooner than from the thread
    /// pool, which is most of what a small call takes.
    /// </summary>
    public bool OwnThread { get; init; }
}
