using Atlas.Core.Decoding;
using Atlas.Speculator.Adaptive.Learned;

namespace Atlas.Trainer.Online;

/// <summary>
/// States and probabilities where there are tokens alone: the text before each row, and what the server said of its probabilities, or that the
/// emitted token was certain.
/// </summary>
internal sealed class TextVerification(ITokenFeedback? feedback) : IVerificationSource
{
    /// <inheritdoc/>
    public bool Knows(DecodeSequence sequence) => true;

    /// <inheritdoc/>
    public void Fill(DecodeSequence sequence, ReadOnlySpan<int> accepted, VerificationRecord record)
    {
        int k = record.TopK;
        for (int i = 0; i < record.Count; i++)
        {
            int position = record.Position + i;
            // The state of a row is what follows its token: the row's own token is part of it.
            TextStates.Write(sequence.Tokens[..(position + 1)], record.State(i));
            var tokens = record.TopTokens.AsSpan(i * k, k);
            var probabilities = record.TopProbabilities.AsSpan(i * k, k);
            if (feedback?.TryRead(sequence, position + 1, tokens, probabilities) == true) continue;
            tokens.Fill(-1);
            probabilities.Clear();
            (tokens[0], probabilities[0]) = (record.Tokens[i + 1], 1f);
        }
    }
}
