using Atlas.Core.Decoding;

namespace Atlas.Trainer.Online;

/// <summary>
/// What an inference server says of its own probabilities: what a speculator that sees tokens alone distils where it is given. Asked on the
/// decoding thread for every emitted token, right after its step.
/// </summary>
public interface ITokenFeedback
{
    /// <summary>
    /// The server's most probable tokens for a position, best first; false where it said nothing. Then the emitted token is taught.
    /// </summary>
    /// <param name="sequence">The sequence; its tokens already hold what was emitted.</param>
    /// <param name="position">Position, in the sequence, of the token that was drawn from these probabilities.</param>
    /// <param name="tokens">Room for them; -1 behind the last.</param>
    /// <param name="probabilities">Their probabilities, 0 to 1, as many.</param>
    bool TryRead(DecodeSequence sequence, int position, Span<int> tokens, Span<float> probabilities);
}
