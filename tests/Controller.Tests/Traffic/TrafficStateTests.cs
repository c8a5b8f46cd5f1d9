using Atlas.Controller.Guard;
using Atlas.Controller.Traffic;

namespace Atlas.Controller.Tests.Traffic;

public sealed class TrafficStateTests
{
    private static readonly int Single = BatchLoad.Of(1), Few = BatchLoad.Of(4), Many = BatchLoad.Of(16);

    private readonly TrafficState _traffic = new(PlannerRig.Options(speculators: 2));

    [Fact]
    public void That_speculation_does_not_pay_in_a_large_batch_says_nothing_of_a_small_one()
    {
        Assert.Equal(GuardState.Open, _traffic.At(Single).Guard.State);
        for (int step = 0; step < 100; step++) _traffic.At(Many).Guard.Add(plainSeconds: 1e-3, seconds: 2e-3);
        Assert.Equal(GuardState.Closed, _traffic.At(Many).Guard.State);
        Assert.Equal(GuardState.Open, _traffic.At(Single).Guard.State);
    }

    [Fact]
    public void A_load_that_is_new_begins_with_what_the_nearest_one_has_learned_and_learns_apart()
    {
        for (int step = 0; step < 500; step++) _traffic.At(Many).Estimates.Learn(1, 0, 1, 1, 0.02);
        for (int step = 0; step < 500; step++) _traffic.At(Few).Estimates.Learn(1, 4, 5, 1, 0.02);
        Assert.InRange(_traffic.At(Single).Estimates.Accepted(1), 3.9, 4.1);
        // It was only a beginning: ten steps count as much.
        for (int step = 0; step < 12; step++) _traffic.At(Single).Estimates.Learn(1, 0, 1, 1, 0.005);
        Assert.InRange(_traffic.At(Single).Estimates.Accepted(1), 0, 2.2);
        Assert.InRange(_traffic.At(Few).Estimates.Accepted(1), 3.9, 4.1);
        Assert.InRange(_traffic.At(Many).Estimates.Accepted(1), 0, 0.1);
    }

    [Fact]
    public void A_kind_begins_with_what_all_traffic_taught_and_leaves_that_alone()
    {
        for (int token = 0; token < 400; token++) _traffic.LearnNode(0b01, 0b01, [0.9f, 0f], accepted: false);
        var kind = new TrafficState(_traffic);
        float before = _traffic.Probability(0b01, 0b01, [0.9f, 0f]);
        Assert.Equal(before, kind.Probability(0b01, 0b01, [0.9f, 0f]), 0.1f);
        for (int token = 0; token < 1500; token++) kind.LearnNode(0b01, 0b01, [0.9f, 0f], accepted: true);
        Assert.True(kind.Probability(0b01, 0b01, [0.9f, 0f]) > 0.9f);
        Assert.Equal(before, _traffic.Probability(0b01, 0b01, [0.9f, 0f]));
        Assert.True(kind.TrialsDue > 0);
    }
}
