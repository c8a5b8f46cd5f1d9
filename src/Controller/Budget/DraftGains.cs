using Atlas.Controller.Traffic;
using Atlas.Core.Drafting;

namespace Atlas.Controller.Budget;

/// <summary>What the nodes of a draft are expected to bring: calibrated, then multiplied along their paths. Pure but for the draft's confidences.</summary>
internal static class DraftGains
{
    /// <summary>Calibrates a draft by what its traffic has taught.</summary>
    /// <param name="draft">Its confidences become probabilities of a node given its parent.</param>
    /// <param name="traffic">Whose calibration holds.</param>
    /// <param name="weight">What a token of its request is worth.</param>
    /// <param name="gains">Filled, one per node: the probability of the whole path, times the weight; at most the parent's.</param>
    public static void Fill(DraftTree draft, TrafficState traffic, double weight, Span<double> gains)
    {
        Calibrate(draft, traffic);
        ShareAmongSiblings(draft);
        var parents = draft.Parents;
        var probabilities = draft.Confidence;
        for (int node = 0; node < draft.Count; node++)
            gains[node] = probabilities[node] * (parents[node] == DraftTree.Root ? weight : gains[parents[node]]);
    }

    private static void Calibrate(DraftTree draft, TrafficState traffic)
    {
        Span<byte> present = stackalloc byte[draft.Count + 1];
        present.Clear();
        var proposers = draft.Proposers;
        var parents = draft.Parents;
        for (int node = 0; node < parents.Length; node++) present[parents[node] + 1] |= proposers[node];
        for (int node = 0; node < parents.Length; node++)
            draft.Calibrate(node, traffic.Probability(proposers[node], present[parents[node] + 1], draft.ConfidencesOf(node)));
    }

    // At most one child of a node is accepted: where speculators disagree and each is sure, their probabilities are scaled to add up to 1.
    private static void ShareAmongSiblings(DraftTree draft)
    {
        if (draft.IsChain) return;
        Span<float> sums = stackalloc float[draft.Count + 1];
        sums.Clear();
        var parents = draft.Parents;
        var probabilities = draft.Confidence;
        for (int node = 0; node < parents.Length; node++) sums[parents[node] + 1] += probabilities[node];
        for (int node = 0; node < parents.Length; node++)
            if (sums[parents[node] + 1] is > 1f and var sum)
                draft.Calibrate(node, probabilities[node] / sum);
    }
}
