using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Modeling.Drafting;
using Atlas.Modeling.Engine;

namespace Atlas.Speculator.Static;

/// <summary>
/// What the static speculator holds for one sequence: its cache, the tree it is drafting, and which node each pending cache row belongs to.
/// Committed rows are always a prefix of the sequence's tokens.
/// </summary>
internal sealed class DraftSlot(IDecoderSequence cache, int capacity, int candidates)
{
    private readonly int[] _path = new int[capacity + 1];
    private readonly List<int> _pendingNodes = new(capacity);

    public IDecoderSequence Cache { get; } = cache;

    public CandidateTree Tree { get; } = new(capacity, candidates);

    /// <summary>
    /// Brings the cache into step with what was emitted since the last draft: pending rows on the emitted path are kept, the others dropped.
    /// The last token is always read anew, for its logits.
    /// </summary>
    public void Begin(DecodeSequence sequence)
    {
        if (Cache.Length < sequence.Length) KeepEmitted(sequence.Tokens[Cache.Length..^1]);
        else Cache.Truncate(sequence.Length - 1);
        _pendingNodes.Clear();
        Tree.Clear();
    }

    private void KeepEmitted(ReadOnlySpan<int> emitted)
    {
        int length = 0;
        for (int node = DraftTree.Root; length < emitted.Length; length++)
        {
            int row = FindPending(node, emitted[length]);
            if (row < 0) break;
            _path[length] = row;
            node = _pendingNodes[row];
        }
        Cache.CommitPath(_path.AsSpan(0, length));
    }

    /// <summary>The pending row of a node's parent.</summary>
    public int PendingParent(int node)
    {
        int parent = Tree.Parent(node);
        return parent == DraftTree.Root ? BatchPlan.NoParent : _pendingNodes.IndexOf(parent);
    }

    /// <summary>Takes note that the next pending row is that of <paramref name="node"/>.</summary>
    public void AddPending(int node) => _pendingNodes.Add(node);

    private int FindPending(int parent, int token)
    {
        for (int row = 0; row < _pendingNodes.Count; row++)
            if (Tree.Parent(_pendingNodes[row]) == parent && Tree.Token(_pendingNodes[row]) == token)
                return row;
        return -1;
    }
}
