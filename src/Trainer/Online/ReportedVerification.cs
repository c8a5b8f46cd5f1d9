using Atlas.Core.Decoding;
using Atlas.Speculator.Adaptive;

namespace Atlas.Trainer.Online;

/// <summary>
/// States and probabilities where no forward of the target is here to look into: states as they are reported, or the text in their place, and what the
/// server said of its probabilities, or that the emitted token was certain.
/// </summary>
/// <param name="states">What the emitted tokens were drawn from.</param>
/// <param name="feedback">What the server says; null where it says nothing.</param>
internal sealed class ReportedVerification(IEmittedStates states, ITokenFeedback? feedback) : IVerificationSource
{
    /// <inheritdoc/>
    public bool Knows(DecodeSequence sequence) => states.Knows(sequence);

    /// <inheritdoc/>
    public void Fill(DecodeSequence sequence, ReadOnlySpan<int> accepted, VerificationRecord record)
    {
        int k = record.TopK;
        for (int i = 0; i < record.Count; i++)
        {
            // Not a number is refused with its record.
            if (!states.TryRead(sequence, accepted, record.Count, i, record.State(i))) record.State(i).Fill(float.NaN);
            var tokens = record.TopTokens.AsSpan(i * k, k);
            var probabilities = record.TopProbabilities.AsSpan(i * k, k);
            if (feedback?.TryRead(sequence, record.Position + i + 1, tokens, probabilities) == true) continue;
            tokens.Fill(-1);
            probabilities.Clear();
            (tokens[0], probabilities[0]) = (record.Tokens[i + 1], 1f);
        }
    }
}
