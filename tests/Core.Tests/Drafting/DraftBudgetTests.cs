using Atlas.Core.Drafting;

namespace Atlas.Core.Tests.Drafting;

public sealed class DraftBudgetTests
{
    [Theory]
    [InlineData(9, 4)]
    [InlineData(4, 4)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void Depth_is_cut_to_the_limit(int limit, int depth) => Assert.Equal(depth, new DraftBudget(4, 12, 3).Limit(limit).Depth);

    [Fact]
    public void Nodes_are_cut_to_the_limit_and_depth_with_them()
    {
        Assert.Equal(new DraftBudget(4, 6, 3), new DraftBudget(4, 12, 3).Limit(9, 6));
        Assert.Equal(new DraftBudget(2, 2, 3), new DraftBudget(4, 12, 3).Limit(9, 2));
        Assert.Equal(DraftBudget.None, new DraftBudget(4, 12, 3).Limit(9, 0));
        Assert.Equal(new DraftBudget(4, 12, 3), new DraftBudget(4, 12, 3).Limit(9, 50));
    }

    [Fact]
    public void A_chain_has_one_node_per_level()
    {
        Assert.Equal(new DraftBudget(5, 5, 1), DraftBudget.Chain(5));
        Assert.Equal(0, DraftBudget.None.Depth);
    }
}
