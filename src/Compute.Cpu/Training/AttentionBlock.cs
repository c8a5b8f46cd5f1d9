namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Queries of one sequence whose scores are formed together, and the keys they see: the end of what the sequence continues, then its own. Keys
/// are columns of the scores, in the order of their positions.
/// </summary>
/// <param name="Row">Row of the first query.</param>
/// <param name="Position">Its position in the text.</param>
/// <param name="Count">Queries.</param>
/// <param name="FirstKey">Position of the first key that any of them sees.</param>
/// <param name="SharedRow">Row of the first key in what the sequence continues.</param>
/// <param name="Shared">Keys there; 0 where the sequence continues nothing, or none of it is seen.</param>
/// <param name="OwnRow">Row of the sequence's own first key.</param>
/// <param name="Own">Its own keys, at least one.</param>
internal readonly record struct AttentionBlock(nint Row, int Position, int Count, int FirstKey, nint SharedRow, int Shared, nint OwnRow, int Own)
{
    /// <summary>All keys.</summary>
    public int Keys => Shared + Own;

    /// <summary>The runs of keys whose rows lie one behind the other, in the order of their positions: 1 or 2.</summary>
    public int Runs => Shared > 0 ? 2 : 1;

    /// <summary>A run's first row, its first column and its length.</summary>
    public (nint Row, int Column, int Count) Run(int run) => run < Runs - 1 ? (SharedRow, 0, Shared) : (OwnRow, Shared, Own);
}
