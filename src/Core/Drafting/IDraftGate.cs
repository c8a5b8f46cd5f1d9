namespace Atlas.Core.Drafting;

/// <summary>
/// Tells a speculator, while it drafts, from which nodes going on still pays: the gain of a further token is the probability that the path
/// to it is accepted, its cost the time to draft and to verify it. Cheap enough to be asked for every node. One for each namespace and
/// speculator; used from the decoding thread.
/// </summary>
public interface IDraftGate
{
    /// <summary>
    /// Least path probability (product of <see cref="Probability"/> from the root to a node) from which drafting a child of the node pays.
    /// Constant within a step.
    /// </summary>
    float Threshold { get; }

    /// <summary>
    /// Calibrated probability, 0 to 1, that a draft token of this confidence is accepted given that its parent was. Never falls when the
    /// confidence rises. Confidences that are not finite count as 0.
    /// </summary>
    float Probability(float confidence);
}
