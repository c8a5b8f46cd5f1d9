using Atlas.Controller;
using Atlas.Controller.Latency;

namespace Atlas.Evaluation.Replay;

/// <summary>What the controller may ask of the speculators that need the text alone, and what they are expected to cost before they have been timed.</summary>
public static class TextProfiles
{
    /// <summary>The suffix speculator: long drafts cost it nothing, and where occurrences disagree it branches.</summary>
    public static SpeculatorProfile Suffix { get; } = new("suffix") { MaxDepth = 14, MaxNodes = 16, Branches = 2, Cost = new DraftCost(3e-6, 0, 0) };

    /// <summary>The learned speculator over tokens: chains, each level some table look-ups.</summary>
    public static SpeculatorProfile Learned { get; } = new("learned") { MaxDepth = 8, MaxNodes = 8, Cost = new DraftCost(2e-6, 6e-6, 0) };
}
