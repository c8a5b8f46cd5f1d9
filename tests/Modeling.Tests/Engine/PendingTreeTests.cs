using Atlas.Modeling.Engine;

namespace Atlas.Modeling.Tests.Engine;

/// <summary>Rows of a failed forward are taken back.</summary>
public sealed class PendingTreeTests
{
    [Fact]
    public void Truncation_keeps_the_rows_before_and_lets_others_take_the_place_of_those_behind()
    {
        var tree = new PendingTree(4);
        tree.Add(BatchPlan.NoParent);
        tree.Add(0);
        tree.Add(1);
        tree.Truncate(1);
        Assert.Equal(1, tree.Count);
        Assert.Equal(1, tree.Add(0));
        Assert.Equal(1, tree.Depth(1));
        tree.Truncate(2);
        Assert.Equal(2, tree.Count);
        Assert.Throws<ArgumentException>(() => tree.Truncate(3));
        Assert.Throws<ArgumentException>(() => tree.Truncate(-1));
    }
}
