using Atlas.Controller.Choice;

namespace Atlas.Controller.Tests.Choice;

public sealed class ArmChoiceTests
{
    [Fact]
    public void Probabilities_add_up_and_fall_with_the_loss()
    {
        double[] losses = [1, 0.7, 0.6, 2], probabilities = new double[4];
        ArmChoice.Weigh(losses, 10, probabilities);
        Assert.Equal(1, probabilities.Sum(), 12);
        Assert.Equal([3, 0, 1, 2], Enumerable.Range(0, 4).OrderBy(i => probabilities[i]));
        Assert.Equal(Math.Exp(-1), probabilities[1] / probabilities[2], 9);
    }

    [Fact]
    public void Arms_that_hold_an_excluded_speculator_are_never_drawn()
    {
        double[] losses = [1, 0.5, 0.6, 0.4, 0.9, 0.3, 0.2, 0.1], probabilities = new double[8];
        ArmChoice.Exclude(losses, 0b101);
        ArmChoice.Weigh(losses, 10, probabilities);
        Assert.Equal([0, 2], Enumerable.Range(0, 8).Where(arm => probabilities[arm] > 0));
        Assert.Equal(1, probabilities.Sum(), 12);
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.19, 0)]
    [InlineData(0.21, 1)]
    [InlineData(0.999999, 2)]
    public void A_number_draws_the_arm_it_falls_into(double uniform, int expected) => Assert.Equal(expected, ArmChoice.Draw([0.2, 0.3, 0.5], uniform));

    [Fact]
    public void The_probability_to_observe_an_arm_is_that_of_invoking_all_of_it()
    {
        var random = new Random(8);
        for (int round = 0; round < 50; round++)
        {
            double[] exploration = [random.NextDouble(), 1, random.NextDouble() * 0.1];
            var probabilities = Enumerable.Range(0, 8).Select(_ => random.NextDouble()).ToArray();
            double sum = probabilities.Sum();
            probabilities = [.. probabilities.Select(p => p / sum)];
            var observed = new double[8];
            ArmChoice.Observe(probabilities, exploration, observed);
            for (int arm = 0; arm < 8; arm++)
            {
                double expected = 0;
                for (int drawn = 0; drawn < 8; drawn++)
                {
                    double p = probabilities[drawn];
                    for (int i = 0; i < 3; i++)
                        if ((arm >> i & 1) != 0 && (drawn >> i & 1) == 0)
                            p *= exploration[i];
                    expected += p;
                }
                Assert.Equal(expected, observed[arm], 12);
            }
        }
    }
}
