namespace Atlas.Core.Sampling;

/// <summary>One token to be drawn from a forward's result.</summary>
/// <param name="Row">Row of the forward's plan whose logits are sampled.</param>
/// <param name="State">Options and counts of the sequence.</param>
/// <param name="Position">Absolute position in the sequence that the drawn token will have; keys the noise.</param>
/// <param name="PathOffset">Where the row's draft tokens begin in <see cref="SampleBatch.PathTokens"/>.</param>
/// <param name="PathLength">Draft tokens between the sequence's last token and this row, itself included; penalties count them.</param>
/// <param name="Mask">Tokens allowed here; null allows all.</param>
public readonly record struct SampleSpec(
    int Row, SamplingState State, long Position, int PathOffset = 0, int PathLength = 0, TokenMask? Mask = null)
{
    /// <summary>
    /// Whether the token follows draft tokens, which may be ones that a constraint forbids: then there may be no token to draw, which is token
    /// -1 and no error.
    /// </summary>
    public bool BehindDraft { get; init; }
}
