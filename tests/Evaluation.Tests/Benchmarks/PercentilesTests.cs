using Atlas.Evaluation.Benchmarks;

namespace Atlas.Evaluation.Tests.Benchmarks;

public sealed class PercentilesTests
{
    [Fact]
    public void They_are_values_that_were_measured_whatever_their_order()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(i => (double)(i * 77 % 200))];
        double[] given = [.. values];
        Assert.Equal((0, 100, 198, 199), (Percentiles.Of(values, 0), Percentiles.Median(values), Percentiles.Of(values, 0.99), Percentiles.Of(values, 0.999)));
        Assert.Equal(given, values);
        Assert.Equal(7, Percentiles.Of([7], 0.99));
        Assert.Equal(0, Percentiles.Median([]));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => Percentiles.Of([1], share));
}
