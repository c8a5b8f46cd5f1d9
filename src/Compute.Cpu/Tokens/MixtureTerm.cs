namespace Atlas.Compute.Cpu.Tokens;

/// <summary>A weight that spoke for a candidate: a context's successor or a shared one.</summary>
/// <param name="Candidate">For whom.</param>
/// <param name="Weight">
/// Which: place x <see cref="SuccessorTable.Successors"/> + successor, or the complement of a shared weight's index.
/// </param>
internal readonly record struct MixtureTerm(int Candidate, int Weight)
{
    /// <summary>A successor's weight.</summary>
    public static MixtureTerm OfSuccessor(int candidate, int place, int successor) =>
        new(candidate, place * SuccessorTable.Successors + successor);

    /// <summary>A shared weight.</summary>
    public static MixtureTerm OfShared(int candidate, int index) => new(candidate, ~index);
}
