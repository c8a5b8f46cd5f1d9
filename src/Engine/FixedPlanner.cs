using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Engine;

/// <summary>Gives every sequence the same budget in every step: a lookahead chosen by hand. Stateless.</summary>
/// <param name="budget">What each sequence may draft; <see cref="DraftBudget.None"/> is plain decoding.</param>
public sealed class FixedPlanner(DraftBudget budget) : IPlanner
{
    /// <inheritdoc/>
    public void Plan(ReadOnlySpan<DecodeSequence> batch)
    {
        foreach (var sequence in batch) sequence.Budget = budget;
    }

    /// <summary>Verifies whatever was drafted.</summary>
    public void Select(ReadOnlySpan<DecodeSequence> batch) { }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence) { }
}
