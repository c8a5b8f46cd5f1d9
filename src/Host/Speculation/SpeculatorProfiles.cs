using Atlas.Controller;
using Atlas.Controller.Latency;
using Atlas.Core.Drafting;
using Atlas.Evaluation.Replay;

namespace Atlas.Host.Speculation;

/// <summary>What the controller may ask of each speculator, and what it is expected to cost before it has been timed.</summary>
internal static class SpeculatorProfiles
{
    /// <summary>Most draft nodes that the target verifies for one sequence under the controller.</summary>
    public const int VerifiedNodes = 16;

    /// <summary>The draft model: chains, each level a forward.</summary>
    public static SpeculatorProfile Static(DraftCost cost) => new(StrategyNames.Static) { MaxDepth = 8, MaxNodes = 8, ReadsText = true, Cost = cost };

    /// <summary>The suffix speculator, which needs the text alone wherever it drafts.</summary>
    public static SpeculatorProfile Suffix => TextProfiles.Suffix;

    /// <summary>The recall speculator: one lookup however far it drafts.</summary>
    public static SpeculatorProfile Recall { get; } = new(StrategyNames.Recall) { MaxDepth = 10, MaxNodes = 12, Branches = 2, Cost = new DraftCost(10e-6, 0, 0) };

    /// <summary>The learned speculator on the target's states: chains, each level a small forward.</summary>
    public static SpeculatorProfile Learned { get; } = new(StrategyNames.Learned) { MaxDepth = 8, MaxNodes = 8, Cost = new DraftCost(20e-6, 50e-6, 0) };

    /// <summary>The learned speculator over text: a few microseconds a token, so its drafts may branch.</summary>
    public static SpeculatorProfile LearnedText { get; } = new(StrategyNames.LearnedText) { MaxDepth = 10, MaxNodes = 12, Branches = 2, Cost = new DraftCost(5e-6, 0, 5e-6) };

    /// <summary>A profile within bounds that were asked for; a 0 in them bounds nothing.</summary>
    public static SpeculatorProfile Within(SpeculatorProfile profile, DraftBudget limit)
    {
        int nodes = limit.Nodes > 0 ? Math.Min(limit.Nodes, VerifiedNodes) : profile.MaxNodes;
        int depth = Math.Min(limit.Depth > 0 ? limit.Depth : profile.MaxDepth, nodes);
        return profile with { MaxDepth = depth, MaxNodes = nodes, Branches = limit.Branches > 0 ? limit.Branches : profile.Branches };
    }
}
