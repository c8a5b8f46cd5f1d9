using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

public class WeightsInMemoryTests
{
    [Fact]
    public void Tensors_are_kept_by_value_and_read_whole_or_by_rows()
    {
        var weights = new WeightsInMemory("some weights");
        float[] values = [1, 2, 3, 4, 5, 6];
        weights.Write("a", [3, 2], values);
        values[0] = 9;
        var whole = new float[6];
        weights.Read("a", whole);
        Assert.Equal([1, 2, 3, 4, 5, 6], whole);
        var rows = new float[4];
        weights.ReadRows("a", 1, rows);
        Assert.Equal([3, 4, 5, 6], rows);
        Assert.True(weights.Contains("a"));
        Assert.Equal([3, 2], weights.Describe("a").Shape);
        Assert.Equal(WeightType.F32, weights.Describe("a").Type);
    }

    [Fact]
    public void Misuse_is_refused_in_words()
    {
        var weights = new WeightsInMemory("some weights");
        weights.Write("a", [2], [1, 2]);
        Assert.Equal("some weights: no tensor \"b\"", Assert.Throws<CheckpointException>(() => weights.Describe("b")).Message);
        Assert.Equal("some weights: tensor \"a\": 2 elements, but 3 were asked for",
            Assert.Throws<CheckpointException>(() => weights.Read("a", new float[3])).Message);
        Assert.Throws<CheckpointException>(() => weights.ReadRows("a", 1, new float[2]));
        Assert.Throws<ArgumentException>(() => weights.Write("b", [3], [1, 2]));
        Assert.Throws<ArgumentException>(() => weights.Write("a", [1, 2], [1, 2]));
        weights.Write("a", [2], [3, 4]);
        Assert.Equal([3, 4], weights.Values("a").ToArray());
        Assert.Equal(["a"], weights.Tensors.Select(t => t.Name));
    }
}
