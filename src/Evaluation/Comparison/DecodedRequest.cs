using Atlas.Core.Decoding;

namespace Atlas.Evaluation.Comparison;

/// <summary>One request decoded by one strategy.</summary>
/// <param name="Tokens">Everything emitted, an end token included.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="Statistics">Drafted, accepted, emitted.</param>
/// <param name="TokensAfterFirstStep">Tokens emitted after the first step that emitted any.</param>
/// <param name="DecodeSeconds">Time from the end of that step to the last token.</param>
/// <param name="TotalSeconds">Time from the request's start, prompt included.</param>
public sealed record DecodedRequest(
    int[] Tokens, FinishReason Finish, DecodeStatistics Statistics, int TokensAfterFirstStep, double DecodeSeconds, double TotalSeconds)
{
    /// <summary>Seconds of each step after the first that emitted any token, learning between steps included.</summary>
    public IReadOnlyList<double> StepSeconds { get; init; } = [];

    /// <summary>The tokens without the end token.</summary>
    public ReadOnlyMemory<int> Answer => Finish == FinishReason.EndToken ? Tokens.AsMemory(0, Tokens.Length - 1) : Tokens;
}
