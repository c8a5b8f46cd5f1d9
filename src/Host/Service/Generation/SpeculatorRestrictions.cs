using Atlas.Controller;
using Atlas.Core.Decoding;
using Atlas.Core.Drafting;
using Atlas.Host.Speculation;

namespace Atlas.Host.Service.Generation;

/// <summary>
/// Keeps requests that name a speculator to that one. The controller is told, so that it learns nothing of those that were not asked; where the
/// budget is fixed, the others' shares are taken away. Used from the decoding thread.
/// </summary>
/// <param name="planner">Plans.</param>
/// <param name="speculators">Names of the merged draft's speculators, by index; one where nothing is merged, none where nobody drafts.</param>
internal sealed class SpeculatorRestrictions(IPlanner planner, IReadOnlyList<string> speculators) : IPlanner
{
    private readonly Dictionary<long, (int Allowed, DraftShares Shares)> _fixed = [];

    /// <summary>
    /// Lets only one speculator draft for a sequence that has not been planned yet (of the learned ones, both), or nobody where none has the name.
    /// </summary>
    public void Restrict(DecodeSequence sequence, string speculator)
    {
        int allowed = 0;
        for (int i = 0; i < speculators.Count; i++)
            if (speculators[i] == speculator || (speculator == StrategyNames.Learned && speculators[i] == StrategyNames.LearnedText))
                allowed |= 1 << i;
        if (planner is AdaptivePlanner controller) controller.Restrict(sequence, allowed);
        else _fixed[sequence.Id] = (allowed, new DraftShares());
    }

    /// <inheritdoc/>
    public void Plan(ReadOnlySpan<DecodeSequence> batch)
    {
        planner.Plan(batch);
        if (_fixed.Count == 0) return;
        foreach (var sequence in batch)
        {
            if (!_fixed.TryGetValue(sequence.Id, out var restriction)) continue;
            if (restriction.Allowed == 0) sequence.Budget = DraftBudget.None;
            if (speculators.Count < 2) continue;
            restriction.Shares.Clear();
            for (int i = 0; i < speculators.Count; i++)
                if ((restriction.Allowed >> i & 1) != 0)
                    restriction.Shares[i] = sequence.Budget;
            sequence.Shares = restriction.Shares;
        }
    }

    /// <inheritdoc/>
    public void Select(ReadOnlySpan<DecodeSequence> batch) => planner.Select(batch);

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence)
    {
        _fixed.Remove(sequence.Id);
        planner.Release(sequence);
    }
}
