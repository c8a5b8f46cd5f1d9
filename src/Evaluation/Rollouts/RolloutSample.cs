namespace Atlas.Evaluation.Rollouts;

/// <summary>A sample as it was drawn.</summary>
/// <param name="Tokens">Everything emitted, the end token included.</param>
/// <param name="LogProbs">Log-probability of each under the serving weights.</param>
/// <param name="Ended">Whether it ended by itself; otherwise it was cut at the token limit.</param>
public sealed record RolloutSample(int[] Tokens, float[] LogProbs, bool Ended)
{
    /// <summary>The tokens without the end token.</summary>
    public ReadOnlySpan<int> Answer => Ended ? Tokens.AsSpan(..^1) : Tokens;

    /// <summary>Whether another sample has the same tokens, log-probabilities and end, to the bit.</summary>
    public bool SameBits(RolloutSample other) =>
        Ended == other.Ended && Tokens.AsSpan().SequenceEqual(other.Tokens)
        && LogProbs.Select(BitConverter.SingleToInt32Bits).SequenceEqual(other.LogProbs.Select(BitConverter.SingleToInt32Bits));
}
