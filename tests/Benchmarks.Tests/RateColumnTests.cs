using Atlas.Benchmarks.Reporting;

namespace Atlas.Benchmarks.Tests;

public sealed class RateColumnTests
{
    [Theory]
    [InlineData(38.2e9, "B", 1, "38.2 GB/s")]
    [InlineData(1, "run", 2e-6, "500 krun/s")]
    [InlineData(2.9527e9, "flop", 0.0125, "236.2 Gflop/s")]
    [InlineData(3, "token", 1, "3 token/s")]
    [InlineData(5e18, "flop", 1, "5E+06 Tflop/s")]
    [InlineData(0, "B", 1, "-")]
    [InlineData(1, "B", 0, "-")]
    public void A_rate_has_the_largest_prefix_that_leaves_a_digit_before_the_point(double count, string unit, double seconds, string expected) =>
        Assert.Equal(expected, RateColumn.Text(count, unit, seconds));
}
