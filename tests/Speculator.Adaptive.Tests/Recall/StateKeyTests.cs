using Atlas.Speculator.Adaptive.Recall;

namespace Atlas.Speculator.Adaptive.Tests.Recall;

public sealed class StateKeyTests
{
    private readonly Random _random = new(7);

    [Theory]
    [InlineData(48)]
    [InlineData(512)]
    [InlineData(4096)]
    public void The_similarity_of_keys_is_about_the_cosine_of_the_states(int width)
    {
        var keys = new StateKey(width);
        double error = 0;
        const int pairs = 200;
        for (int pair = 0; pair < pairs; pair++)
        {
            float[] a = State(width), b = State(width);
            float part = pair / (float)pairs;
            for (int i = 0; i < width; i++) b[i] = part * 3 * a[i] + (1 - part) * b[i];
            error += Math.Abs(StateKey.Similarity(Key(keys, a), Key(keys, b)) - Cosine(a, b));
        }
        // 64 signs: a standard deviation of at most an eighth, less where states are alike.
        Assert.InRange(error / pairs, 0, 0.08);
    }

    [Fact]
    public void Equal_and_opposite_states_are_told_whatever_their_length()
    {
        var keys = new StateKey(512);
        float[] state = State(512);
        sbyte[] key = Key(keys, state), longer = Key(keys, [.. state.Select(x => 1e4f * x)]), opposite = Key(keys, [.. state.Select(x => -x)]);
        Assert.Equal(key, longer);
        Assert.InRange(StateKey.Similarity(key, longer), 0.95f, 1.05f);
        Assert.InRange(StateKey.Similarity(key, opposite), -1.05f, -0.95f);
        Assert.Equal(key, Key(new StateKey(512), state));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e38f)]
    public void A_state_without_a_direction_has_no_key(float value)
    {
        float[] state = new float[64];
        Array.Fill(state, value);
        Assert.False(new StateKey(64).TryWrite(state, new sbyte[StateKey.Width]));
    }

    private float[] State(int width) => [.. Enumerable.Range(0, width).Select(_ => (float)(_random.NextDouble() - 0.5))];

    private static sbyte[] Key(StateKey keys, float[] state)
    {
        sbyte[] key = new sbyte[StateKey.Width];
        Assert.True(keys.TryWrite(state, key));
        return key;
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
