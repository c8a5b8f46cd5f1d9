using Atlas.Controller.Traffic;

namespace Atlas.Controller.Tests.Traffic;

public sealed class BatchLoadTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(8, 3)]
    [InlineData(9, 4)]
    [InlineData(16, 4)]
    [InlineData(17, 5)]
    [InlineData(32, 5)]
    [InlineData(33, 6)]
    [InlineData(100_000, 6)]
    public void Classes_double(int sequences, int load) => Assert.Equal(load, BatchLoad.Of(sequences));
}
