using Atlas.Controller.Traffic;

namespace Atlas.Controller.Tests.Traffic;

public sealed class TrialAllowanceTests
{
    [Fact]
    public void Trials_take_a_small_part_of_what_is_emitted_however_many_are_due()
    {
        var allowance = new TrialAllowance();
        double spent = 0;
        int paid = 0;
        for (int request = 0; request < 1000; request++)
        {
            // Two are due in every request.
            for (int trial = 0; trial < 2; trial++)
                if (allowance.TrySpend(6))
                    (spent, paid) = (spent + 6, paid + 1);
            allowance.Earn(80);
        }
        Assert.InRange(spent / (1000 * 80), 0.004, 0.0055);
        Assert.True(paid > 50);
    }

    [Fact]
    public void What_is_saved_up_in_steady_traffic_pays_for_a_change_and_no_more()
    {
        var allowance = new TrialAllowance();
        for (int request = 0; request < 10_000; request++) allowance.Earn(100);
        Assert.True(allowance.TrySpend(30));
        Assert.True(allowance.TrySpend(30));
        Assert.False(allowance.TrySpend(30));
        Assert.False(allowance.TrySpend(double.NaN));
        Assert.False(allowance.TrySpend(double.PositiveInfinity));
        Assert.True(allowance.TrySpend(3));
    }
}
