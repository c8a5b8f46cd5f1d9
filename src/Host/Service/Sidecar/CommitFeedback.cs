using Atlas.Core.Decoding;
using Atlas.Protocol.Messages;
using Atlas.Speculator.Adaptive;
using Atlas.Trainer.Online;

namespace Atlas.Host.Service.Sidecar;

/// <summary>
/// What another server tells of its target beside the tokens it commits: probabilities for the trainers, hidden states for the recall speculator and
/// the learned one. Known for as long as the commit is being taken in. Used under the engine's lock.
/// </summary>
/// <param name="hiddenSize">Numbers of a hidden state; 0 where none are taken.</param>
internal sealed class CommitFeedback(int hiddenSize) : ITokenFeedback, IEmittedStates
{
    private SequenceUpdate? _update;
    private long _sequence;

    /// <inheritdoc/>
    public int Width => hiddenSize;

    /// <summary>A commit to a sequence begins.</summary>
    public void Begin(DecodeSequence sequence, SequenceUpdate update) => (_sequence, _update) = (sequence.Id, update);

    /// <summary>It has been taken in.</summary>
    public void End() => _update = null;

    /// <inheritdoc/>
    public bool TryRead(DecodeSequence sequence, int position, Span<int> tokens, Span<float> probabilities)
    {
        if (!TryFind(sequence, position, out var update, out int row) || update.TopK == 0) return false;
        int known = Math.Min(update.TopK, tokens.Length);
        update.TopTokens.Span.Slice(row * update.TopK, known).CopyTo(tokens);
        tokens[known..].Fill(-1);
        probabilities.Clear();
        for (int i = 0; i < known; i++) probabilities[i] = MathF.Exp(update.TopLogprobs[(row * update.TopK) + i]);
        return true;
    }

    /// <inheritdoc/>
    public bool Knows(DecodeSequence sequence) => _update is { Hidden.Count: > 0 } && sequence.Id == _sequence && hiddenSize > 0;

    /// <inheritdoc/>
    public bool TryRead(DecodeSequence sequence, ReadOnlySpan<int> accepted, int emitted, int index, Span<float> state)
    {
        if (!TryFind(sequence, sequence.Length - emitted + index, out var update, out int row) || update.Hidden.Count == 0) return false;
        update.ReadHidden(row, state);
        return true;
    }

    private bool TryFind(DecodeSequence sequence, int position, out SequenceUpdate update, out int row)
    {
        update = _update!;
        row = _update is null ? -1 : position - (int)_update.Base;
        return row >= 0 && sequence.Id == _sequence && row < update.Tokens.Count;
    }
}
