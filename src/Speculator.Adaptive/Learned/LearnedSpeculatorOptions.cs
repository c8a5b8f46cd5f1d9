using Atlas.Core.Sampling;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>How the learned speculator drafts.</summary>
public sealed record LearnedSpeculatorOptions
{
    /// <summary>The name in stamps; distinct where several learned speculators serve one sequence.</summary>
    public string Name { get; init; } = LearnedSpeculator.SpeculatorName;

    /// <summary>
    /// Drafting stops on a path when its probability (the product of its confidences, calibrated where the budget has a gate) falls below this;
    /// 0 leaves it to the budget.
    /// </summary>
    public float MinPathConfidence { get; init; }

    /// <summary>
    /// Tokens ranked per node: the most children a node can have, and what confidence is measured against. At least 2, at most
    /// <see cref="CoupledSampler.MaxRanked"/>.
    /// </summary>
    public int Candidates { get; init; } = 8;
}
