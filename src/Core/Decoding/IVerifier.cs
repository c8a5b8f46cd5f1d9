using Atlas.Core.Sampling;

namespace Atlas.Core.Decoding;

/// <summary>
/// Decides which draft tokens stand, from the target's answer to a draft. Pure but for the buffers it is given: sequence and draft are read
/// only.
/// </summary>
public interface IVerifier
{
    /// <summary>
    /// Walks the draft from its root. Writes the accepted nodes in order to <paramref name="path"/> and the tokens to emit to
    /// <paramref name="emitted"/>: those of the path, then one recovered or bonus token. Returns the path's length; emitted holds one more.
    /// </summary>
    int Verify(DecodeSequence sequence, Span<int> path, Span<SampledToken> emitted);
}
