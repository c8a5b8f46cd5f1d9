using Atlas.Protocol.Messages;

namespace Atlas.Protocol.Serving;

/// <summary>Where a generation's pieces go. Calls for one generation do not overlap.</summary>
public interface ITokenStream
{
    /// <summary>The piece to fill before <see cref="Send"/>; empty but for its request.</summary>
    TokensParams Piece { get; }

    /// <summary>
    /// Sends <see cref="Piece"/>, behind everything sent before; another empty one takes its place. Never waits. It may be held back until
    /// <see cref="Flush"/>, so that pieces of one step that have the same way go together.
    /// </summary>
    /// <exception cref="Rpc.RpcClosedException">The client is gone, or does not read.</exception>
    void Send();

    /// <summary>Nothing more is sent for now: what was held back goes out.</summary>
    void Flush();
}
