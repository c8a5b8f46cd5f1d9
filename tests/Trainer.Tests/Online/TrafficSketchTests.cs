using Atlas.Trainer.Online;

namespace Atlas.Trainer.Tests.Online;

public sealed class TrafficSketchTests
{
    [Fact]
    public void It_never_counts_less_than_came_and_hardly_more_and_halves_what_is_old()
    {
        var random = new Random(5);
        var sketch = new TrafficSketch(10_000);
        var exact = new Dictionary<string, long>();
        long since = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string name = $"tenant {Math.Min(random.Next(300), random.Next(300))}";
            int tokens = random.Next(1, 17);
            sketch.Add(name, tokens);
            exact[name] = exact.GetValueOrDefault(name) + tokens;
            since += tokens;
            if (since < 10_000) continue;
            since -= 10_000;
            foreach (string known in exact.Keys) exact[known] /= 2;
        }
        foreach (var (name, count) in exact) Assert.InRange(sketch.Estimate(name), count, count + 200);
        Assert.True(exact.Keys.Count(name => sketch.Estimate(name) == exact[name]) > exact.Count * 9 / 10);
        Assert.InRange(exact.Values.Sum(), 5_000, 20_000);
    }

    [Fact]
    public void What_is_forgotten_counts_nothing_and_what_has_not_come_for_long_hardly_anything()
    {
        var sketch = new TrafficSketch(100);
        sketch.Add("old", 90);
        sketch.Add("forgotten", 9);
        sketch.Forget("forgotten");
        Assert.Equal((90, 0), (sketch.Estimate("old"), sketch.Estimate("forgotten")));
        for (int i = 0; i < 80; i++) sketch.Add("new", 10);
        Assert.Equal(0, sketch.Estimate("old"));
        Assert.InRange(sketch.Estimate("new"), 90, 200);
    }

    [Fact]
    public void One_huge_piece_of_traffic_ages_all_before_it()
    {
        var sketch = new TrafficSketch(10);
        sketch.Add("old", 9);
        sketch.Add("new", 1000);
        Assert.Equal((0, 0), (sketch.Estimate("old"), sketch.Estimate("new")));
    }
}
