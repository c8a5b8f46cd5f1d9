using Atlas.Evaluation.Reports;

namespace Atlas.Evaluation.Tests.Reports;

public sealed class AxisTicksTests
{
    [Theory]
    [InlineData(0, 100, 5, new[] { 0.0, 20, 40, 60, 80, 100 })]
    [InlineData(0, 1, 5, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0.5, 40.5, 10, new[] { 5.0, 10, 15, 20, 25, 30, 35, 40 })]
    [InlineData(-3, 3, 3, new[] { -2.0, 0, 2 })]
    public void Ticks_are_round_numbers_within_the_range(double low, double high, int most, double[] expected)
    {
        var ticks = AxisTicks.Between(low, high, most);
        Assert.Equal(expected.Length, ticks.Count);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], ticks[i], 1e-9);
    }

    [Fact]
    public void They_are_evenly_spaced_and_never_many_over_all_magnitudes()
    {
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            double low = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7)), high = low + Math.Pow(10, random.NextDouble() * 12 - 6);
            int most = random.Next(2, 12);
            var ticks = AxisTicks.Between(low, high, most);
            Assert.InRange(ticks.Count, 0, most + 1);
            Assert.All(ticks, tick => Assert.InRange(tick, low - (high - low) * 1e-6, high + (high - low) * 1e-6));
        }
    }

    [Theory]
    [InlineData(0.97, 1)]
    [InlineData(95, 100)]
    [InlineData(4.1, 5)]
    [InlineData(1234, 1500)]
    public void An_axis_ends_at_a_round_number_above(double value, double end) => Assert.Equal(end, AxisTicks.RoundUp(value), 1e-9);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(double.NaN, 1)]
    public void An_empty_range_is_refused(double low, double high) => Assert.Throws<ArgumentException>(() => AxisTicks.Between(low, high, 5));
}
