using Atlas.Host.Service.Metrics;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary>What the service counts of its own times.</summary>
public sealed class LatencyTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public async Task Requests_are_timed_from_their_submission_to_their_answer()
    {
        await using var serving = await ServingPair.StartAsync(pair, batch: 2);
        await using var client = await serving.ConnectAsync();
        const int Requests = 3, Samples = 4, Tokens = 25;
        for (int i = 0; i < Requests; i++)
            await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = Tokens, N = Samples, Temperature = 1, Seed = (ulong)i, IgnoreEnd = true });
        Assert.Equal(Requests, serving.Read("e2e_request_latency_seconds_count"));
        foreach (string name in (string[])["request_queue_time_seconds", "time_to_first_token_seconds", "request_time_per_output_token_seconds"])
            Assert.Equal(Requests * Samples, serving.Read(name + "_count"));
        // All but those that came with a completion's first.
        Assert.InRange(serving.Read("inter_token_latency_seconds_count"), Requests * Samples, Requests * Samples * (Tokens - 1));

        double queue = serving.Read("request_queue_time_seconds_sum"), first = serving.Read("time_to_first_token_seconds_sum"), whole = serving.Read("e2e_request_latency_seconds_sum");
        double following = serving.Read("inter_token_latency_seconds_sum"), perToken = serving.Read("request_time_per_output_token_seconds_sum");
        Assert.True(queue > 0 && queue < first, $"{queue} s in the queue, {first} s to the first token");
        Assert.True(first + following <= whole * Samples, $"{first} s and {following} s of {whole} s");
        Assert.Equal(following, perToken * (Tokens - 1), 9);
        // Of a batch of two, the last of four completions waits longest, and is what the request took.
        Assert.True(whole > first / Samples);
    }

    [Fact]
    public async Task Accepted_tokens_are_counted_by_position()
    {
        await using var serving = await ServingPair.StartAsync(pair, "merged");
        await using var client = await serving.ConnectAsync();
        await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 200, IgnoreEnd = true });
        AssertPositions(serving.Metrics, serving.Read("spec_decode_num_accepted_tokens"));
    }

    [Fact]
    public async Task Calls_of_a_sidecar_are_timed()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        int[] text = [.. Enumerable.Range(0, 160).Select(position => 10 + (position * 7 % 20))];
        await client.OpenAsync(ServingSidecar.Open(1, text[..60]));
        await GreedyServer.ServeAsync(client, 1, text, 60);
        Assert.Equal(serving.Read("sidecar_draft_calls"), serving.Read("sidecar_draft_seconds_count"));
        Assert.True(serving.Read("sidecar_draft_seconds_sum") > 0);
        AssertPositions(serving.Metrics, serving.Read("spec_decode_num_accepted_tokens"));
    }

    // They fall from position to position, and all together are those that were accepted.
    private static void AssertPositions(MetricSet metrics, double accepted)
    {
        MetricValue[] counts = [.. metrics.All.Single(metric => metric.Name == "spec_decode_num_accepted_tokens_per_pos").Read()];
        Assert.True(counts.Length > 1);
        Assert.Equal(Enumerable.Range(0, counts.Length).Select(position => $"position=\"{position}\""), counts.Select(count => count.Label.ToString()));
        Assert.Equal(counts.OrderByDescending(count => count.Value), counts);
        Assert.Equal(accepted, counts.Sum(count => count.Value));
    }
}
