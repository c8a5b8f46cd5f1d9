using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Telemetry;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary>The figures as a collector of OpenTelemetry gets them.</summary>
public sealed class TelemetryTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_gets_the_figures_of_the_service(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        var export = new ExportSettings(receiver.Endpoint, grpc, TimeSpan.FromMilliseconds(100));
        await using var serving = await ServingPair.StartAsync(pair, settings: settings => settings with { Export = export });
        await using var client = await serving.ConnectAsync();
        await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 20, IgnoreEnd = true, Namespace = "a\"b" });
        var points = await receiver.ReceiveAsync();
        while (points.FirstOrDefault(point => point.Name == "atlas_e2e_request_latency_seconds")?.Value != 1) points = await receiver.ReceiveAsync();
        // Figures are read one after the other, and that one may have been read before the request's end: the next export is after it as a whole.
        points = await receiver.ReceiveAsync();
        Assert.All(points, point => Assert.Equal("atlas", point.Service));
        Assert.Contains(points, point => point is { Name: "atlas_num_requests_running", IsCounter: false, Label: "" });
        Assert.Contains(points, point => point is { Name: "atlas_generation_tokens", IsCounter: true, Label: "", Value: 20 });
        Assert.Contains(points, point => point is { Name: "atlas_connections", Value: 1 });
        foreach (string name in (string[])["static", "suffix", "learned"])
            Assert.Contains(points, point => point.Name == "atlas_speculator_draft_tokens" && point.Label == $"speculator={name}" && point.Value == serving.Read($"speculator_draft_tokens{{speculator=\"{name}\"}}"));
        Assert.Contains(points, point => point is { Name: "atlas_namespace_tokens", IsCounter: true, Label: "namespace=a\"b", Value: 20 });
        // All that monitors read of the service elsewhere, once for each label.
        Assert.Equal(points.Count, points.DistinctBy(point => (point.Name, point.Label)).Count());
        var figures = serving.Metrics.All.Where(metric => metric.Histogram is { } histogram ? histogram.Count > 0 : metric.Read().Any());
        Assert.Empty(figures.Select(metric => "atlas_" + metric.Name).Except(points.Select(point => point.Name)));
        foreach (var metric in serving.Metrics.All.Where(metric => metric.Kind == MetricKind.Histogram)) AssertSame(metric, points.Single(point => point.Name == "atlas_" + metric.Name));
    }

    // In the same buckets the same counts.
    private static void AssertSame(Metric metric, OtlpPoint point)
    {
        Assert.NotNull(point.Buckets);
        Assert.Equal(metric.Histogram!.Bounds, point.Buckets.Bounds);
        long count = 0;
        double[] rising = [.. point.Buckets.Counts.Select(one => (double)(count += one))];
        Assert.Equal(metric.Read().Where(value => value.Suffix == LatencyHistogram.BucketSuffix).Select(value => value.Value), rising);
        Assert.Equal(metric.Read().Single(value => value.Suffix == "_sum").Value, point.Buckets.Sum, 9);
    }

    [Fact]
    public async Task What_was_counted_last_is_sent_at_the_end()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        var export = new ExportSettings(receiver.Endpoint, false, TimeSpan.FromHours(1));
        await using var serving = await ServingPair.StartAsync(pair, settings: settings => settings with { Export = export });
        await using (var client = await serving.ConnectAsync())
            await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 7, IgnoreEnd = true });
        await serving.StopAsync();
        Assert.Contains(await receiver.ReceiveAsync(), point => point is { Name: "atlas_generation_tokens", Value: 7 });
    }

    [Fact]
    public async Task A_collector_that_is_not_there_keeps_nobody_waiting()
    {
        var export = new ExportSettings(new Uri("http://127.0.0.1:1/v1/metrics"), false, TimeSpan.FromMilliseconds(50));
        await using var serving = await ServingPair.StartAsync(pair, settings: settings => settings with { Export = export });
        await using var client = await serving.ConnectAsync();
        var answer = await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 20, IgnoreEnd = true });
        Assert.Equal(20, answer.CompletionTokens);
        await serving.StopAsync();
    }
}
