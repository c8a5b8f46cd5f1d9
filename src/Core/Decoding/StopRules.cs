namespace Atlas.Core.Decoding;

/// <summary>
/// When a sequence ends. Applied token by token in emission order, also inside an accepted path, so that nothing behind the end reaches
/// output, metrics, caches or trainer.
/// </summary>
/// <param name="MaxTokens">Most tokens emitted; the one that reaches it is still emitted.</param>
/// <param name="EndTokens">Ids after which the sequence ends; the end token itself is emitted.</param>
/// <param name="Matcher">Watches the text for stop strings; null for none. Belongs to one sequence.</param>
public sealed record StopRules(int MaxTokens, IReadOnlyList<int> EndTokens, IStopMatcher? Matcher = null)
{
    /// <summary>Why the sequence ends with <paramref name="token"/>, just emitted, or null when it goes on.</summary>
    /// <param name="token">The emitted token.</param>
    /// <param name="remaining">Tokens that may still follow it.</param>
    public FinishReason? Check(int token, int remaining)
    {
        for (int i = 0; i < EndTokens.Count; i++)
            if (EndTokens[i] == token)
                return FinishReason.EndToken;
        if (Matcher is not null && Matcher.Push(token)) return FinishReason.StopString;
        return remaining == 0 ? FinishReason.Length : null;
    }
}
