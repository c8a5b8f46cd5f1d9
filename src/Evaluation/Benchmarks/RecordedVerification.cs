using Atlas.Core.Drafting;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>Verifies drafts against recorded text, as if a target wrote it.</summary>
internal static class RecordedVerification
{
    /// <summary>Draft tokens that the recorded text has, from the root on.</summary>
    public static int Accepted(DraftTree draft, ReadOnlySpan<int> truth)
    {
        int length = 0;
        for (int node = DraftTree.Root; length < truth.Length; length++)
        {
            node = draft.FindChild(node, truth[length]);
            if (node < 0) break;
        }
        return length;
    }
}
