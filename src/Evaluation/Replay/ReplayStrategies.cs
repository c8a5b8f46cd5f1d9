namespace Atlas.Evaluation.Replay;

/// <summary>Names of the ways to decode a recorded trace.</summary>
public static class ReplayStrategies
{
    /// <summary>No drafts.</summary>
    public const string Plain = "plain";

    /// <summary>The suffix speculator, chains of fixed lookahead.</summary>
    public const string Suffix = "suffix";

    /// <summary>The learned speculator from tokens alone, chains of fixed lookahead.</summary>
    public const string Learned = "learned";

    /// <summary>Both in every step, their chains joined.</summary>
    public const string Merged = "merged";

    /// <summary>Both under the controller.</summary>
    public const string Atlas = "atlas";

    /// <summary>Of every request, what the best of the strategies without a controller did, known only afterwards. Nothing decodes with it.</summary>
    public const string Oracle = "oracle";

    /// <summary>All that decode, in the order of reports; the first is what the others are compared with.</summary>
    public static IReadOnlyList<string> All { get; } = [Plain, Suffix, Learned, Merged, Atlas];
}
