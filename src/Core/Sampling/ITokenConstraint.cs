using Atlas.Core.Decoding;

namespace Atlas.Core.Sampling;

/// <summary>
/// Restricts what may be sampled as a function of the text so far (a grammar, a schema). It is asked for every node of a draft tree, so it
/// must answer for any continuation, not only for the one that is accepted. Called from the decoding thread only.
/// </summary>
public interface ITokenConstraint
{
    /// <summary>
    /// The ids allowed after the sequence's tokens followed by <paramref name="path"/>; null allows all. The mask must stay unchanged until
    /// the step is over.
    /// </summary>
    TokenMask? Mask(DecodeSequence sequence, ReadOnlySpan<int> path);
}
