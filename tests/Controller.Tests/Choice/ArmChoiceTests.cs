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

    [Fact]
    public void Who_has_much_to_read_is_asked_by_the_end_of_a_request_as_surely_as_it_ever_was_wanted()
    {
        var random = new Random(4);
        for (int round = 0; round < 200; round++)
        {
            // Speculator 0 has much to read, speculator 1 little.
            double declined = 0, unasked = 1, highest = 0;
            for (int step = 0; step < 30; step++)
            {
                double[] losses = [1, random.NextDouble(), random.NextDouble(), random.NextDouble()], probabilities = new double[4];
                ArmChoice.Weigh(losses, 10, probabilities);
                double[] before = [.. probabilities];
                double odds = Math.Pow((before[1] + before[3]) / (before[0] + before[2]), 4);
                highest = Math.Max(highest, odds / (1 + odds));
                declined = ArmChoice.Commit(probabilities, [1e-3, 1e-3], [5e-3, 5e-4], declined);
                Assert.Equal(1, probabilities.Sum(), 9);
                Assert.Equal(before[1] * probabilities[3], before[3] * probabilities[1], 9);
                Assert.Equal(before[0] * probabilities[2], before[2] * probabilities[0], 9);
                unasked *= 1 - probabilities[1] - probabilities[3];
            }
            Assert.Equal(highest, declined, 9);
            Assert.Equal(highest, 1 - unasked, 9);
        }
    }

    [Fact]
    public void Without_anybody_who_has_much_to_read_nothing_changes_and_with_nobody_else_there_is_no_choice()
    {
        double[] probabilities = [0.1, 0.2, 0.3, 0.4];
        Assert.Equal(0.5, ArmChoice.Commit(probabilities, [1e-3, 1e-3], [1e-3, 0], 0.5));
        Assert.Equal([0.1, 0.2, 0.3, 0.4], probabilities);
        double[] certain = [0, 0.25, 0, 0.75];
        Assert.Equal(1, ArmChoice.Commit(certain, [1e-3, 1e-3], [1, 0], 1));
        Assert.Equal([0, 0.25, 0, 0.75], certain);
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
