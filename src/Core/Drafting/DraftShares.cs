namespace Atlas.Core.Drafting;

/// <summary>
/// How much each speculator of a merged draft may draft for one sequence in one step. Reused from step to step; not thread-safe.
/// </summary>
public sealed class DraftShares
{
    private readonly DraftBudget[] _budgets = new DraftBudget[DraftTree.MaxSpeculators];

    /// <summary>The budget of the speculator with that index; none means that it is not invoked.</summary>
    public DraftBudget this[int speculator]
    {
        get => _budgets[speculator];
        set => _budgets[speculator] = value;
    }

    /// <summary>Invokes nobody.</summary>
    public void Clear() => Array.Clear(_budgets);

    /// <summary>Cuts every budget as <see cref="DraftBudget.Limit(int, int)"/> does.</summary>
    public void Limit(int depth, int nodes)
    {
        foreach (ref var budget in _budgets.AsSpan()) budget = budget.Limit(depth, nodes);
    }
}
