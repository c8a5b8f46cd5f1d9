using Atlas.Core.Drafting;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Service.Sidecar;

/// <summary>Writes a draft tree as the protocol has it.</summary>
internal static class DraftWriter
{
    /// <summary>Writes tokens, parents where it is no chain, confidences and who drafted; an empty tree leaves the answer as it is.</summary>
    public static void Write(DraftTree tree, SequenceDraft draft)
    {
        if (tree.Count == 0) return;
        draft.Tokens.Add(tree.Tokens);
        if (!IsChain(tree)) draft.Parents.Add(tree.Parents);
        draft.Confidence.Set(tree.Confidence);
        var signer = TreeContinuation.Signer(tree);
        draft.Speculator = signer.Name ?? "";
        draft.Version = signer.Version;
    }

    // Without parents on the wire each token follows the one before it.
    private static bool IsChain(DraftTree tree)
    {
        for (int i = 0; i < tree.Count; i++)
            if (tree.Parents[i] != i - 1)
                return false;
        return true;
    }
}
