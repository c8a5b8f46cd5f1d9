using Atlas.Core.Drafting;

namespace Atlas.Host.Service.Sidecar;

/// <summary>What a tree says of the text behind one of its paths, and who said it.</summary>
internal static class TreeContinuation
{
    /// <summary>
    /// Follows <paramref name="committed"/> from the root and writes what lies below to <paramref name="draft"/>; false where the path leaves the
    /// tree or nothing lies below its end.
    /// </summary>
    public static bool TryTake(DraftTree tree, ReadOnlySpan<int> committed, DraftTree draft)
    {
        draft.Clear();
        int root = DraftTree.Root;
        foreach (int token in committed)
        {
            root = tree.FindChild(root, token);
            if (root < 0) return false;
        }
        draft.CopyBelow(tree, root, ~0);
        return draft.Count > 0;
    }

    /// <summary>Of a merged tree, the first who proposed any of its nodes.</summary>
    public static SpeculatorStamp Signer(DraftTree tree)
    {
        int proposers = 0;
        foreach (byte some in tree.Proposers) proposers |= some;
        for (int i = 0; i < tree.Speculators.Length; i++)
            if ((proposers >> i & 1) != 0)
                return tree.Speculators[i];
        return tree.Speculator;
    }
}
