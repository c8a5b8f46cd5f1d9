using System.Threading.Channels;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service.Http.OpenAi;

/// <summary>
/// A generation's pieces on their way to HTTP: the decoding thread puts them in and never waits, the request's own task takes them out. A
/// client that lets too many tokens lie loses its generation.
/// </summary>
internal sealed class PieceQueue : ITokenStream
{
    private const int MostWaiting = 1 << 16;

    private readonly Channel<TokensParams> _pieces = Channel.CreateUnbounded<TokensParams>(new UnboundedChannelOptions { SingleReader = true });
    private int _waiting;

    /// <inheritdoc/>
    public TokensParams Piece { get; private set; } = new();

    /// <inheritdoc/>
    public void Send()
    {
        if (Interlocked.Add(ref _waiting, Piece.Tokens.Count) > MostWaiting)
            throw new RpcClosedException($"more than {MostWaiting} tokens wait to be sent: the client does not read");
        _pieces.Writer.TryWrite(Piece);
        Piece = new TokensParams();
    }

    /// <inheritdoc/>
    /// <remarks>Every piece is on its way already.</remarks>
    public void Flush() { }

    /// <summary>No more pieces come.</summary>
    public void End() => _pieces.Writer.TryComplete();

    /// <summary>Waits for pieces; false when all were taken and no more come.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _pieces.Reader.WaitToReadAsync(cancellation);

    /// <summary>Takes the next piece that is there.</summary>
    public TokensParams? TryTake()
    {
        if (!_pieces.Reader.TryRead(out var piece)) return null;
        Interlocked.Add(ref _waiting, -piece.Tokens.Count);
        return piece;
    }
}
