using Atlas.Core.Sampling;

namespace Atlas.Speculator.Static;

/// <summary>How the static speculator drafts.</summary>
public sealed record StaticSpeculatorOptions
{
    /// <summary>
    /// Drafting stops on a path when the product of its confidences falls below this; 0 always drafts to the budget's depth.
    /// </summary>
    public float MinPathConfidence { get; init; }

    /// <summary>
    /// Tokens ranked per node: the most children a node can have, and what confidence is measured against (a token's share of the perturbed
    /// scores among them). At least 2, at most <see cref="CoupledSampler.MaxRanked"/>.
    /// </summary>
    public int Candidates { get; init; } = 8;
}
