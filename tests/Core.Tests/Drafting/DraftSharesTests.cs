using Atlas.Core.Drafting;

namespace Atlas.Core.Tests.Drafting;

public sealed class DraftSharesTests
{
    [Fact]
    public void Each_speculators_budget_is_cut_like_any_other()
    {
        var shares = new DraftShares { [0] = DraftBudget.Chain(8), [2] = new(4, 12, 3) };
        shares.Limit(depth: 5, nodes: 6);
        Assert.Equal([DraftBudget.Chain(8).Limit(5, 6), DraftBudget.None, new(4, 6, 3), DraftBudget.None], Enumerable.Range(0, 4).Select(i => shares[i]));
        shares.Limit(depth: 0, nodes: 6);
        Assert.Equal(DraftBudget.None, shares[2]);
        shares[1] = DraftBudget.Chain(2);
        shares.Clear();
        Assert.Equal(DraftBudget.None, shares[1]);
    }
}
