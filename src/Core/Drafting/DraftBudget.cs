namespace Atlas.Core.Drafting;

/// <summary>How much a sequence may draft in one step; the planner's decision.</summary>
/// <param name="Depth">Lookahead: most tokens on one path. 0 means plain decoding.</param>
/// <param name="Nodes">Most nodes in the tree; equal to <paramref name="Depth"/> for a chain.</param>
/// <param name="Branches">Most children per node; 1 for a chain.</param>
public readonly record struct DraftBudget(int Depth, int Nodes, int Branches)
{
    /// <summary>Whom the speculator asks, level by level, whether to draft on; null drafts to the budget's end.</summary>
    public IDraftGate? Gate { get; init; }

    /// <summary>No draft at all.</summary>
    public static DraftBudget None => default;

    /// <summary>A chain of <paramref name="lookahead"/> tokens.</summary>
    public static DraftBudget Chain(int lookahead) => new(lookahead, lookahead, 1);

    /// <summary>This budget with no path longer than <paramref name="depth"/> tokens.</summary>
    public DraftBudget Limit(int depth) => depth >= Depth ? this : depth <= 0 ? None : this with { Depth = depth };

    /// <summary>This budget with no path longer than <paramref name="depth"/> tokens and at most <paramref name="nodes"/> nodes.</summary>
    public DraftBudget Limit(int depth, int nodes)
    {
        var limited = Limit(Math.Min(depth, nodes));
        return nodes >= limited.Nodes ? limited : limited with { Nodes = nodes };
    }
}
