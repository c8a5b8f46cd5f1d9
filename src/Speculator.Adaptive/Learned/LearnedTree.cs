using Atlas.Core.Drafting;
using Atlas.Modeling.Drafting;

namespace Atlas.Speculator.Adaptive.Learned;

/// <summary>
/// The tree being drafted for one sequence, and in which row of its level's forward each node was computed: the state after a node is where
/// its children go on. Preallocated.
/// </summary>
internal sealed class LearnedTree(int capacity, int candidates)
{
    private readonly int[] _rows = new int[(capacity + 1) * candidates + 1];

    public CandidateTree Tree { get; } = new(capacity, candidates);

    /// <summary>Row of the forward that read the node's token; <see cref="DraftTree.Root"/> is the sequence's last token.</summary>
    public int Row(int node) => _rows[node + 1];

    /// <summary>Begins a draft whose root is read in <paramref name="row"/> of the first forward.</summary>
    public void Begin(int row)
    {
        Tree.Clear();
        SetRow(DraftTree.Root, row);
    }

    /// <summary>Takes note of the row that reads a node's token.</summary>
    public void SetRow(int node, int row) => _rows[node + 1] = row;
}
