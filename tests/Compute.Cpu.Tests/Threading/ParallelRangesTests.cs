using Atlas.Compute.Cpu.Threading;

namespace Atlas.Compute.Cpu.Tests.Threading;

public class ParallelRangesTests
{
    [Fact]
    public void A_part_goes_through_its_own_range_first_and_then_helps_the_others()
    {
        var ranges = new ParallelRanges(3);
        ranges.Reset(7, 3);
        Assert.Equal([2, 3, 4, 5, 6, 0, 1], TakeAll(ranges, 1));
        Assert.Empty(TakeAll(ranges, 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 1000)]
    [InlineData(8, 100_000)]
    public void Threads_together_take_every_number_once(int parts, int count)
    {
        var ranges = new ParallelRanges(8);
        for (int round = 0; round < 3; round++)
        {
            ranges.Reset(count, parts);
            var taken = new List<int>[parts];
            var threads = Enumerable.Range(0, parts).Select(part => new Thread(() => taken[part] = TakeAll(ranges, part))).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Assert.Equal(Enumerable.Range(0, count), taken.SelectMany(numbers => numbers).Order());
        }
    }

    private static List<int> TakeAll(ParallelRanges ranges, int part)
    {
        var taken = new List<int>();
        while (ranges.TryTake(part, out int number)) taken.Add(number);
        return taken;
    }
}
