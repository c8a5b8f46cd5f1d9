using System.Threading.Channels;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Client;

/// <summary>
/// A generation that streams: enumerate it once for the pieces, then read <see cref="Result"/>. Leaving the enumeration early, or
/// cancelling it, cancels the generation at the service. A gap or a repetition among the pieces ends the enumeration with an
/// <see cref="RpcProtocolException"/>.
/// </summary>
public sealed class GenerationStream : IAsyncEnumerable<GenerationPiece>
{
    private readonly Func<GenerationStream, CancellationToken, Task<GenerateResult>> _start;
    private readonly Action<GenerationStream> _cancel;
    private readonly Channel<GenerationPiece> _pieces;
    private readonly Dictionary<int, int> _received = [];
    private GenerateResult? _result;
    private int _enumerated;

    internal GenerationStream(
        long request, bool continueInline, Func<GenerationStream, CancellationToken, Task<GenerateResult>> start, Action<GenerationStream> cancel)
    {
        _pieces = Channel.CreateUnbounded<GenerationPiece>(
            new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = continueInline });
        Request = request;
        _start = start;
        _cancel = cancel;
    }

    /// <summary>The generation's number on its connection.</summary>
    public long Request { get; }

    /// <summary>Counts, finish reasons and seed; there when the enumeration has ended.</summary>
    /// <exception cref="InvalidOperationException">The enumeration has not ended.</exception>
    public GenerateResult Result => _result ?? throw new InvalidOperationException("the generation has not ended; enumerate it first");

    /// <inheritdoc/>
    public async IAsyncEnumerator<GenerationPiece> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0) throw new InvalidOperationException("a generation is enumerated once");
        Task<GenerateResult> running = RunAsync(cancellationToken);
        try
        {
            await foreach (GenerationPiece piece in _pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return piece;
            GenerateResult result = await running.ConfigureAwait(false);
            CheckComplete(result);
            _result = result;
        }
        finally
        {
            if (!running.IsCompleted) _cancel(this);
        }
    }

    /// <summary>Takes a piece in the order of arrival.</summary>
    internal void Add(TokensParams piece)
    {
        int before = _received.GetValueOrDefault(piece.Index);
        if (piece.Offset != before)
        {
            string fault = $"a piece of completion {piece.Index} begins at {piece.Offset}; expected {before}";
            _pieces.Writer.TryComplete(new RpcProtocolException(fault));
            return;
        }
        _received[piece.Index] = before + piece.Tokens.Count;
        var logprobs = new TokenLogprob[piece.Logprobs.Count];
        for (int i = 0; i < logprobs.Length; i++)
        {
            TokenLogprob source = piece.Logprobs[i];
            logprobs[i] = new TokenLogprob { Token = source.Token, Logprob = source.Logprob };
            logprobs[i].TopTokens.Set(source.TopTokens.Span);
            logprobs[i].TopLogprobs.Set(source.TopLogprobs.Span);
        }
        _pieces.Writer.TryWrite(new GenerationPiece(piece.Index, piece.Offset, piece.Tokens.Span.ToArray(), piece.Text, logprobs));
    }

    private async Task<GenerateResult> RunAsync(CancellationToken cancellation)
    {
        try
        {
            GenerateResult result = await _start(this, cancellation).ConfigureAwait(false);
            _pieces.Writer.TryComplete();
            return result;
        }
        catch (Exception e)
        {
            _pieces.Writer.TryComplete(e);
            throw;
        }
    }

    private void CheckComplete(GenerateResult result)
    {
        for (int i = 0; i < result.Choices.Count; i++)
        {
            GenerateChoice choice = result.Choices[i];
            int received = _received.GetValueOrDefault(choice.Index);
            if (received != choice.TokenCount)
                throw new RpcProtocolException($"completion {choice.Index} has {choice.TokenCount} tokens, of which {received} came; expected all");
        }
    }
}
