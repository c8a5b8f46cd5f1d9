using System.Globalization;
using Atlas.Host.Service.Metrics;

namespace Atlas.Host.Tests.Serve;

/// <summary>Durations by size: what is counted where, and how it is shown.</summary>
public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_bucket_counts_all_up_to_its_bound()
    {
        var histogram = new LatencyHistogram(0.001, 0.1);
        foreach (double seconds in (double[])[0, -1, double.NaN, 0.001, 0.00101, 0.1, 7]) histogram.Record(seconds);
        histogram.Record(0.05, times: 3);
        Assert.Equal(
            [("_bucket{le=\"0.001\"}", 4), ("_bucket{le=\"0.1\"}", 9), ("_bucket{le=\"+Inf\"}", 10), ("_count", 10)],
            histogram.Read().Where(value => value.Suffix != "_sum").Select(value => (value.NameOf(""), (int)value.Value)));
        Assert.Equal(0.001 + 0.00101 + 0.1 + 7 + 0.15, histogram.Read().Single(value => value.Suffix == "_sum").Value, 12);
        Assert.Equal(10, histogram.Count);
    }

    [Fact]
    public void Random_durations_are_counted_as_sorting_them_counts()
    {
        var random = new Random(1);
        var histogram = LatencyHistogram.OfRequests();
        double[] all = [.. Enumerable.Range(0, 5000).Select(_ => Math.Pow(10, (random.NextDouble() * 8) - 4))];
        foreach (double seconds in all) histogram.Record(seconds);
        double[] counts = [.. histogram.Read().Where(value => value.Suffix == LatencyHistogram.BucketSuffix).Select(value => value.Value)];
        Assert.Equal([.. histogram.Bounds.Select(bound => (double)all.Count(seconds => seconds <= bound)), all.Length], counts);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = LatencyHistogram.OfCalls();
        histogram.Record(1e-4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) histogram.Record(i * 1e-6, times: 1 + (i % 3));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Bounds_must_rise() => Assert.Contains("bound 1 is 0.1", Assert.Throws<ArgumentException>(() => new LatencyHistogram(0.1, 0.1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Prometheus_sees_a_histogram_and_stats_its_sum_and_count()
    {
        var metrics = new MetricSet();
        var histogram = new LatencyHistogram(0.5, 2);
        metrics.Histogram("wait_seconds", "How long.", histogram);
        histogram.Record(1);
        Assert.Equal(
            """
            # HELP atlas_wait_seconds How long.
            # TYPE atlas_wait_seconds histogram
            atlas_wait_seconds_bucket{le="0.5"} 0
            atlas_wait_seconds_bucket{le="2"} 1
            atlas_wait_seconds_bucket{le="+Inf"} 1
            atlas_wait_seconds_sum 1
            atlas_wait_seconds_count 1

            """.ReplaceLineEndings("\n"),
            metrics.ToPrometheus());
        Assert.Equal(["wait_seconds_sum 1", "wait_seconds_count 1"], metrics.Read().Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value}")));
    }
}
