namespace Atlas.Evaluation.Benchmarks;

/// <summary>How a head that sees tokens alone did on a recorded stream that it learned from while it drafted. Times in microseconds, means.</summary>
/// <param name="Tokens">Emitted tokens.</param>
/// <param name="AcceptanceLength">Tokens emitted per step over the whole stream.</param>
/// <param name="ByTenth">The same in each tenth of the stream's tokens.</param>
/// <param name="ByDomain">The same by domain, in the order in which domains came.</param>
/// <param name="ColdStart">The same over the 300 tokens that follow the first 200, 500, 1,000 and 5,000 ones; 0 where the stream is shorter.</param>
/// <param name="MicrosecondsPerDraft">Time of the speculator's calls over the tokens they drafted.</param>
/// <param name="MicrosecondsPerLearned">Time of learning over the positions learned from, repetitions counted.</param>
public sealed record TokenLearningResult(
    long Tokens,
    double AcceptanceLength,
    IReadOnlyList<double> ByTenth,
    IReadOnlyList<(string Domain, double AcceptanceLength)> ByDomain,
    IReadOnlyList<double> ColdStart,
    double MicrosecondsPerDraft,
    double MicrosecondsPerLearned)
{
    /// <summary>Emitted tokens after which the cold start is looked at.</summary>
    public static IReadOnlyList<int> ColdStartTokens { get; } = [200, 500, 1000, 5000];

    /// <summary>Goodput over plain decoding as a latency table has it, drafting counted, learning not.</summary>
    /// <param name="lookahead">Draft tokens per step.</param>
    /// <param name="plain">Microseconds of a target forward over one row.</param>
    /// <param name="verify">Microseconds of a target forward over <paramref name="lookahead"/> rows more.</param>
    public double GoodputOverPlain(int lookahead, double plain, double verify) =>
        AcceptanceLength * plain / (verify + lookahead * MicrosecondsPerDraft);
}
