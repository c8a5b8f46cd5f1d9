using Atlas.Evaluation.Replay;

namespace Atlas.Evaluation.Tests.Replay;

public sealed class SpreadTests
{
    [Fact]
    public void The_spread_is_of_sorted_values()
    {
        Assert.Equal(new Spread(1, 2, 9), Spread.Of([9, 1, 2]));
        Assert.Equal(new Spread(1, 2.5, 9), Spread.Of([3, 9, 1, 2]));
        Assert.Equal(new Spread(4, 4, 4), Spread.Of([4]));
        Assert.Throws<ArgumentException>(() => Spread.Of([]));
    }
}
