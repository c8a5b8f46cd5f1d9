using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Serving;

/// <summary>Where a generation's pieces go; does nothing for one that does not stream. Calls for one generation do not overlap.</summary>
public sealed class TokenStream
{
    private readonly RpcConnection _connection;
    private readonly bool _streams;

    internal TokenStream(RpcConnection connection, GenerateParams parameters)
    {
        _connection = connection;
        _streams = parameters.Stream;
        Piece.Request = parameters.Request;
    }

    /// <summary>The piece to fill before <see cref="Send"/>; reused, its request is set.</summary>
    public TokensParams Piece { get; } = new();

    /// <summary>
    /// Sends <see cref="Piece"/>, behind everything sent before, and empties it. Throws <see cref="RpcClosedException"/> where the client
    /// is gone.
    /// </summary>
    public void Send()
    {
        if (_streams) _connection.Notify(RpcMethods.Tokens, Piece);
        long request = Piece.Request;
        Piece.Clear();
        Piece.Request = request;
    }
}
