using Atlas.Protocol.Rpc;

namespace Atlas.Client;

/// <summary>How an <see cref="AtlasClient"/> connects. Immutable.</summary>
public sealed record AtlasClientOptions
{
    /// <summary>Name and version of the program, for the service's logs.</summary>
    public string Name { get; init; } = "atlas-client.net";

    /// <summary>Bearer token; empty where the service demands none.</summary>
    public string Token { get; init; } = "";

    /// <summary>Longest that connecting and <c>hello</c> may take, per attempt.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What happens when the connection is lost.</summary>
    public ReconnectPolicy Reconnect { get; init; } = ReconnectPolicy.Default;

    /// <summary>Limits of the connection, and whether calls continue in its reading loop.</summary>
    public RpcOptions Rpc { get; init; } = new();

    /// <summary>What a connected stream passes through first, such as the client's side of TLS; null for nothing.</summary>
    public Func<Stream, CancellationToken, Task<Stream>>? Secure { get; init; }
}
