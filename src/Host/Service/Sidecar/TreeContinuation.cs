using Atlas.Core.Drafting;

namespace Atlas.Host.Service.Sidecar;

/// <summary>Takes from a tree what it says of the text behind one of its paths. Not thread-safe.</summary>
/// <param name="capacity">Most nodes of a tree.</param>
internal sealed class TreeContinuation(int capacity)
{
    private readonly int[] _places = new int[capacity];

    /// <summary>
    /// Follows <paramref name="committed"/> from the root and writes what lies below to <paramref name="draft"/>, at most so many nodes; false
    /// where the path leaves the tree or nothing lies below its end.
    /// </summary>
    public bool TryTake(DraftTree tree, ReadOnlySpan<int> committed, int nodes, DraftTree draft)
    {
        draft.Clear();
        int root = DraftTree.Root;
        foreach (int token in committed)
        {
            root = tree.FindChild(root, token);
            if (root < 0) return false;
        }
        for (int i = 0; i < tree.Count; i++)
        {
            _places[i] = -1;
            int parent = tree.Parents[i];
            int place = parent == root ? DraftTree.Root : parent > root && parent >= 0 ? _places[parent] : -2;
            if (place < 0 && parent != root) continue;
            if (draft.Count == nodes) break;
            _places[i] = draft.Add(tree.Tokens[i], place, tree.Confidence[i]);
        }
        if (draft.Count == 0) return false;
        draft.Speculator = Signer(tree);
        return true;
    }

    /// <summary>Of a merged tree, the first who proposed anything.</summary>
    public static SpeculatorStamp Signer(DraftTree tree)
    {
        foreach (var stamp in tree.Speculators)
            if (stamp.Name is { Length: > 0 })
                return stamp;
        return tree.Speculator;
    }
}
