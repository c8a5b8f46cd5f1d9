using Atlas.Host.Service.Generation;

namespace Atlas.Host.Tests.Serve;

public sealed class FairQueueTests
{
    [Fact]
    public void Namespaces_are_given_the_same_cost_whatever_they_queue()
    {
        var queue = new FairQueue<string>();
        for (int i = 0; i < 300; i++) queue.Enqueue("many", 1, "many");
        for (int i = 0; i < 100; i++) queue.Enqueue("large", 3, "large");
        var given = new Dictionary<string, double> { ["many"] = 0, ["large"] = 0 };
        for (int i = 0; i < 100; i++)
        {
            Assert.True(queue.TryDequeue(out string? name));
            given[name] += name == "many" ? 1 : 3;
            Assert.InRange(given["many"] - given["large"], -3, 3);
        }
        Assert.Equal(300, queue.Count);
    }

    [Fact]
    public void Who_was_away_has_saved_nothing_up()
    {
        var queue = new FairQueue<string>();
        for (int i = 0; i < 100; i++) queue.Enqueue("busy", 1, "busy");
        for (int i = 0; i < 50; i++) queue.TryDequeue(out _);
        for (int i = 0; i < 50; i++) queue.Enqueue("late", 1, "late");
        var next = Enumerable.Range(0, 20).Select(_ => queue.TryDequeue(out string? name) ? name : "").ToArray();
        Assert.InRange(next.Count(name => name == "late"), 9, 11);
    }

    [Fact]
    public void A_line_keeps_the_order_of_arrival_and_what_is_removed_is_gone()
    {
        var queue = new FairQueue<int>();
        for (int i = 0; i < 10; i++) queue.Enqueue("one", 1 + (i % 3), i);
        Assert.Equal(5, queue.Remove(item => item % 2 == 1));
        Assert.Equal(5, queue.Count);
        List<int> order = [];
        while (queue.TryDequeue(out int item)) order.Add(item);
        Assert.Equal([0, 2, 4, 6, 8], order);
        Assert.False(queue.TryDequeue(out _));
    }
}
