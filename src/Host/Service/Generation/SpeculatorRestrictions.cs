using Atlas.Core.Decoding;
using Atlas.Core.Drafting;

namespace Atlas.Host.Service.Generation;

/// <summary>
/// Keeps requests that name a speculator to that one: what the planner behind it has planned for others is taken away, and how far the named one
/// looks ahead stays the planner's decision. Used from the decoding thread.
/// </summary>
/// <param name="planner">Plans.</param>
/// <param name="speculators">Names of the merged draft's speculators, by index; one where nothing is merged.</param>
internal sealed class SpeculatorRestrictions(IPlanner planner, IReadOnlyList<string> speculators) : IPlanner
{
    private readonly Dictionary<long, string> _only = [];

    /// <summary>Lets only one speculator draft for a sequence, or nobody where none has the name.</summary>
    public void Restrict(DecodeSequence sequence, string speculator) => _only[sequence.Id] = speculator;

    /// <inheritdoc/>
    public void Plan(ReadOnlySpan<DecodeSequence> batch)
    {
        planner.Plan(batch);
        if (_only.Count == 0) return;
        foreach (var sequence in batch)
            if (_only.TryGetValue(sequence.Id, out string? only))
                Cut(sequence, only);
    }

    /// <inheritdoc/>
    public void Select(ReadOnlySpan<DecodeSequence> batch) => planner.Select(batch);

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        _only.Remove(sequence.Id);
        planner.Release(sequence);
    }

    private void Cut(DecodeSequence sequence, string only)
    {
        bool any = false;
        for (int i = 0; i < speculators.Count; i++)
        {
            if (speculators[i] == only) any = true;
            else if (sequence.Shares is { } shares) shares[i] = DraftBudget.None;
        }
        if (!any || (sequence.Shares is null && speculators.Count > 1)) sequence.Budget = DraftBudget.None;
    }
}
