namespace Atlas.Evaluation.Replay;

/// <summary>Names of the ways to decode a trace again.</summary>
public static class ReplayStrategies
{
    /// <summary>No drafts.</summary>
    public const string Plain = "plain";

    /// <summary>The draft model with a fixed lookahead; live only.</summary>
    public const string Static = "static";

    /// <summary>The suffix speculator: recorded, in chains of fixed lookahead; live, under a controller of its own.</summary>
    public const string Suffix = "suffix";

    /// <summary>The recall speculator, which needs the target's states: live only, under a controller of its own.</summary>
    public const string Recall = "recall";

    /// <summary>The learned speculator: recorded, from tokens alone, in chains of fixed lookahead; live, under a controller of its own.</summary>
    public const string Learned = "learned";

    /// <summary>All speculators in every step, with a fixed budget, their drafts joined.</summary>
    public const string Merged = "merged";

    /// <summary>All speculators under the controller.</summary>
    public const string Atlas = "atlas";

    /// <summary>Of every request, what the best of the other strategies did, known only afterwards. Nothing decodes with it.</summary>
    public const string Oracle = "oracle";

    /// <summary>All that decode a recorded trace, in the order of reports; the first is what the others are compared with.</summary>
    public static IReadOnlyList<string> Recorded { get; } = [Plain, Suffix, Learned, Merged, Atlas];

    /// <summary>All that decode live.</summary>
    public static IReadOnlyList<string> Live { get; } = [Plain, Static, Suffix, Recall, Learned, Merged, Atlas];
}
