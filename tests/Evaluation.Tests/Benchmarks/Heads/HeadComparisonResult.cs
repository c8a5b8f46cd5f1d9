namespace Atlas.Evaluation.Tests.Benchmarks.Heads;

/// <summary>How a candidate did.</summary>
/// <param name="Weights">Weights that a draft token reads.</param>
internal sealed record HeadComparisonResult(long Weights)
{
    private readonly (long Steps, long Tokens)[] _quarters = new (long, long)[4];
    private readonly Dictionary<string, (long Steps, long Tokens)> _domains = [];

    /// <summary>Tokens per step, by quarter of the stream.</summary>
    public IReadOnlyList<double> ByQuarter => [.. _quarters.Select(Length)];

    /// <summary>The same by domain.</summary>
    public IReadOnlyDictionary<string, double> ByDomain => _domains.ToDictionary(entry => entry.Key, entry => Length(entry.Value));

    /// <summary>The same over all of it.</summary>
    public double AcceptanceLength => Length((_quarters.Sum(q => q.Steps), _quarters.Sum(q => q.Tokens)));

    /// <summary>Time to draft a token, median.</summary>
    public double MicrosecondsPerDraft { get; set; }

    /// <summary>Time to learn from a window of five tokens, updates included, median.</summary>
    public double MicrosecondsPerWindow { get; set; }

    /// <summary>Goodput over plain decoding, drafting counted, learning not.</summary>
    public double GoodputOverPlain(int lookahead, double plain, double verify, double microsecondsPerDraft) =>
        AcceptanceLength * plain / (verify + lookahead * microsecondsPerDraft);

    /// <summary>Counts a step.</summary>
    public void Count(string domain, int advance, double place)
    {
        ref var quarter = ref _quarters[Math.Min(3, (int)(4 * place))];
        quarter = (quarter.Steps + 1, quarter.Tokens + advance);
        var (steps, tokens) = _domains.GetValueOrDefault(domain);
        _domains[domain] = (steps + 1, tokens + advance);
    }

    private static double Length((long Steps, long Tokens) count) => count.Steps == 0 ? 0 : (double)count.Tokens / count.Steps;
}
