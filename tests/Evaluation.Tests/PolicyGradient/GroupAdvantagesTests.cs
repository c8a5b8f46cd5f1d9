using Atlas.Evaluation.PolicyGradient;

namespace Atlas.Evaluation.Tests.PolicyGradient;

public sealed class GroupAdvantagesTests
{
    // Worked by hand: mean, deviation from squares, quotient.
    public static TheoryData<double[], double[]> Tables => new()
    {
        // Mean 0.5, deviation 0.5.
        { [0, 1, 0, 1], [-1, 1, -1, 1] },
        // Mean 0.25, squares (0.0625 * 3 + 0.5625) / 4 = 0.1875, deviation 0.4330127.
        { [0, 0, 0, 1], [-0.5773503, -0.5773503, -0.5773503, 1.7320508] },
        // Mean 2, squares (1 + 0 + 1) / 3, deviation 0.8164966.
        { [1, 2, 3], [-1.2247449, 0, 1.2247449] },
        // Nobody is better than another.
        { [0.2, 0.2, 0.2], [0, 0, 0] },
        { [0.7], [0] },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void They_are_those_of_the_table(double[] rewards, double[] expected)
    {
        var advantages = new float[rewards.Length];
        GroupAdvantages.Compute(rewards, advantages);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], advantages[i], 1e-6);
    }

    [Fact]
    public void Shifting_and_stretching_rewards_changes_nothing()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            double[] rewards = [.. Enumerable.Range(0, random.Next(2, 20)).Select(_ => random.NextDouble())];
            double shift = random.NextDouble() * 4 - 2, stretch = 0.5 + random.NextDouble() * 3;
            float[] own = new float[rewards.Length], other = new float[rewards.Length];
            GroupAdvantages.Compute(rewards, own);
            GroupAdvantages.Compute([.. rewards.Select(reward => shift + stretch * reward)], other);
            for (int i = 0; i < own.Length; i++) Assert.Equal(own[i], other[i], 1e-4);
            Assert.Equal(0, own.Average(), 1e-5);
            Assert.Equal(1, own.Average(value => value * value), 1e-4);
        }
    }

    [Fact]
    public void No_rewards_and_another_number_of_places_are_refused()
    {
        Assert.Throws<ArgumentException>(() => GroupAdvantages.Compute([], []));
        Assert.Throws<ArgumentException>(() => GroupAdvantages.Compute([1, 2], new float[3]));
    }
}
