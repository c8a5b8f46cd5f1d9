using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Serving;

/// <summary>Where a generation's pieces go; does nothing for one that does not stream. Calls for one generation do not overlap.</summary>
public sealed class TokenStream : ITokenStream
{
    private readonly RpcConnection _connection;
    private readonly bool _streams;

    internal TokenStream(RpcConnection connection, GenerateParams parameters)
    {
        _connection = connection;
        _streams = parameters.Stream;
        Piece.Request = parameters.Request;
    }

    /// <inheritdoc/>
    /// <remarks>It is reused.</remarks>
    public TokensParams Piece { get; } = new();

    /// <inheritdoc/>
    public void Send()
    {
        if (_streams) _connection.Hold(RpcMethods.Tokens, Piece);
        long request = Piece.Request;
        Piece.Clear();
        Piece.Request = request;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_streams) _connection.Flush();
    }
}
