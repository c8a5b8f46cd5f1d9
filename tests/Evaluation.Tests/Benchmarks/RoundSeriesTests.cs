using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class RoundSeriesTests
{
    [Fact]
    public void Quantiles_are_those_of_the_sorted_figures()
    {
        var odd = new RoundSeries([5, 1, 3, 2, 4]);
        Assert.Equal((3.0, 2.0, 4.0), (odd.Median, odd.LowerQuartile, odd.UpperQuartile));
        Assert.Equal(1.0 / 3, odd.Spread, 1e-12);
        Assert.Equal([5, 1, 3, 2, 4], odd.Values);
        Assert.Equal(2.5, new RoundSeries([4, 1, 2, 3]).Median);
        var single = new RoundSeries([7]);
        Assert.Equal((7.0, 7.0, 0.0), (single.Median, single.UpperQuartile, single.Spread));
    }

    [Fact]
    public void Ratios_are_taken_within_rounds_before_the_median()
    {
        // A neighbour halves the machine in one round of three: no ratio moves.
        var step = new RoundSeries([10, 20, 10]);
        var plain = new RoundSeries([5, 10, 5]);
        Assert.Equal([2, 2, 2], step.Over(plain).Values);
        // Quotients of the medians would be 1.
        Assert.Equal(3, new RoundSeries([3, 6, 9]).Over(new RoundSeries([1, 6, 3])).Median);
    }

    [Fact]
    public void Series_of_different_length_and_of_no_rounds_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new RoundSeries([]));
        Assert.Throws<ArgumentException>(() => new RoundSeries([1, 2]).Over(new RoundSeries([1])));
    }

    [Fact]
    public void A_phase_is_held_against_the_limits_of_its_own_round()
    {
        var limits = new LimitSeries([new DeviceLimits(40, 200), new DeviceLimits(20, 100)]);
        var phase = new PhaseResult(4, new PhaseWork(40e9, 300e9), new RoundSeries([2, 4]));
        Assert.Equal([0.75, 0.75], phase.FractionOfPeak(limits).Values);
        Assert.Equal([0.5, 0.5], phase.FractionOfBandwidth(limits).Values);
        Assert.Equal(4 / 3.0, phase.RowsPerSecond);
        Assert.Equal(new DeviceLimits(30, 150), limits.Median);
    }
}
