using Atlas.Controller.Choice;

namespace Atlas.Controller.Tests.Choice;

public sealed class ArmEstimatesTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    [InlineData(0.05)]
    public void Estimates_are_unbiased_whatever_the_probability_to_observe(double probability)
    {
        var random = new Random(9);
        double sum = 0;
        const int runs = 400;
        for (int run = 0; run < runs; run++)
        {
            var estimates = new ArmEstimates(1);
            for (int step = 0; step < 2000; step++)
                if (random.NextDouble() < probability)
                    estimates.Learn(1, random.NextDouble() < 0.25 ? 4 : 0, 3, probability, 0.01);
            sum += estimates.Accepted(1);
        }
        Assert.Equal(1.0, sum / runs, 0.08);
    }

    [Fact]
    public void A_new_arm_learns_from_few_steps_and_an_old_one_slowly()
    {
        var estimates = new ArmEstimates(2);
        for (int i = 0; i < 10; i++) estimates.Learn(1, 0, 2, 1, 0.005);
        Assert.InRange(estimates.Accepted(1), 0, 0.2);
        for (int i = 0; i < 2000; i++) estimates.Learn(1, 0, 2, 1, 0.005);
        estimates.Learn(1, 8, 2, 1, 0.005);
        Assert.InRange(estimates.Accepted(1), 0.03, 0.05);
        Assert.Equal(0, estimates.Accepted(0));
        Assert.True(estimates.Accepted(3) > 1);
    }

    [Fact]
    public void Loosened_estimates_learn_quickly_again()
    {
        var estimates = new ArmEstimates(1);
        for (int i = 0; i < 2000; i++) estimates.Learn(1, 4, 4, 1, 0.005);
        estimates.Loosen();
        for (int i = 0; i < 10; i++) estimates.Learn(1, 0, 4, 1, 0.005);
        Assert.InRange(estimates.Accepted(1), 1, 2.6);
    }

    [Fact]
    public void An_arm_that_is_not_observed_follows_its_part_and_keeps_what_the_rest_adds()
    {
        var estimates = new ArmEstimates(2);
        for (int i = 0; i < 500; i++)
        {
            estimates.Learn(1, 1, 2, 1, 0.02);
            estimates.Learn(2, 1, 1, 1, 0.02);
            estimates.Learn(3, 2, 3, 1, 0.02);
        }
        // Harder text: the first alone is seen to bring less.
        for (int i = 0; i < 500; i++)
        {
            estimates.Learn(1, 0, 2, 1, 0.02);
            estimates.Follow(3, 1);
        }
        Assert.InRange(estimates.Accepted(1), 0, 0.05);
        Assert.InRange(estimates.Accepted(3), 0.95, 1.1);
        Assert.InRange(estimates.Rows(3), 2.9, 3.1);
    }

    [Fact]
    public void What_is_asked_on_easy_text_alone_is_not_thought_to_add_more_than_it_did()
    {
        var estimates = new ArmEstimates(2);
        var random = new Random(3);
        // The first is asked always, the second on easy text: there it adds one token to what the first brings, 5 of 6 there and 1 of 6 elsewhere.
        for (int step = 0; step < 4000; step++)
        {
            bool easy = step % 10 == 0;
            int first = random.Next(6) < (easy ? 5 : 1) ? 6 : 0;
            estimates.Learn(1, first, 6, 1, 0.02);
            if (easy)
            {
                estimates.LearnBeside(2, 3, 6, 0.1, 0.02, 1);
                estimates.Learn(3, first + 1, 8, 0.1, 0.02, 1);
            }
            else estimates.Follow(3, 1);
        }
        Assert.InRange(estimates.Accepted(3) - estimates.Accepted(1), 0.9, 1.1);
        Assert.InRange(estimates.Rows(3) - estimates.Rows(1), 1.9, 2.1);
        Assert.InRange(estimates.Accepted(2), 0, 2.5);
    }

    [Fact]
    public void A_union_is_never_thought_better_than_the_sum_of_its_parts_or_worse_than_the_better_one()
    {
        var random = new Random(5);
        var estimates = new ArmEstimates(3);
        for (int step = 0; step < 5000; step++)
        {
            int invoked = random.Next(1, 8);
            for (int arm = 1; arm < 8; arm++)
            {
                int part = arm & invoked;
                if (part == arm) estimates.Learn(arm, random.Next(5), random.Next(8), 0.01 + 0.99 * random.NextDouble(), 0.02);
                else if (part != 0) estimates.Follow(arm, part);
            }
            estimates.Bound();
            for (int arm = 1; arm < 8; arm++)
                for (int one = 1; one < arm; one <<= 1)
                {
                    if ((arm & one) == 0) continue;
                    int rest = arm & ~one;
                    Assert.InRange(estimates.Accepted(arm), Math.Max(estimates.Accepted(one), estimates.Accepted(rest)), estimates.Accepted(one) + estimates.Accepted(rest));
                    Assert.InRange(estimates.Rows(arm), Math.Max(estimates.Rows(one), estimates.Rows(rest)), estimates.Rows(one) + estimates.Rows(rest));
                }
        }
    }
}
