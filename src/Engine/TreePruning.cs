using Atlas.Core.Drafting;

namespace Atlas.Engine;

/// <summary>
/// Cuts a tree to its best nodes by path confidence, the product of the confidences from the root; as these are at most 1, the best nodes
/// with their parents are a tree (EAGLE-2, arXiv 2406.16858, section 4.2). Grows to the largest tree seen, then allocates nothing. Not thread-safe.
/// </summary>
public sealed class TreePruning
{
    private float[] _path = [];
    private bool[] _marked = [];

    /// <summary>Keeps the best <paramref name="nodes"/> nodes of a tree, ties to the earlier one; confidences out of range count as the nearest in it.</summary>
    public void KeepBest(DraftTree tree, int nodes)
    {
        if (tree.Count <= nodes) return;
        if (_path.Length < tree.Count) (_path, _marked) = (new float[tree.Capacity], new bool[tree.Capacity]);
        for (int i = 0; i < tree.Count; i++)
        {
            float confidence = tree.Confidence[i], above = tree.Parents[i] == DraftTree.Root ? 1f : _path[tree.Parents[i]];
            _path[i] = confidence >= 0f ? Math.Min(confidence, 1f) * above : 0f;
            _marked[i] = false;
        }
        // An earlier node wins a tie, so no node is marked before its parent.
        for (int kept = 0; kept < nodes; kept++)
        {
            int best = -1;
            for (int i = 0; i < tree.Count; i++)
                if (!_marked[i] && (best < 0 || _path[i] > _path[best]))
                    best = i;
            _marked[best] = true;
        }
        tree.Keep(_marked.AsSpan(0, tree.Count));
    }
}
