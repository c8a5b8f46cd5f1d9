namespace Atlas.Host.Speculation;

/// <summary>Names of the ways to decode, as the command line and reports have them.</summary>
internal static class StrategyNames
{
    /// <summary>Plain decoding.</summary>
    public const string None = "none";

    /// <summary>The draft model with a fixed lookahead.</summary>
    public const string Static = "static";

    /// <summary>The suffix speculator under the controller.</summary>
    public const string Suffix = "suffix";

    /// <summary>The recall speculator, on the target's hidden states, under the controller.</summary>
    public const string Recall = "recall";

    /// <summary>The learned speculators under the controller; as a speculator's name, the one on the target's hidden states.</summary>
    public const string Learned = "learned";

    /// <summary>The name of the learned speculator on the text alone; it drafts in the strategy <see cref="Learned"/>, beside the other.</summary>
    public const string LearnedText = "learned-text";

    /// <summary>All speculators in every step, with a fixed budget.</summary>
    public const string Merged = "merged";

    /// <summary>All speculators under the controller.</summary>
    public const string Auto = "auto";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [None, Static, Suffix, Recall, Learned, Merged, Auto];
}
