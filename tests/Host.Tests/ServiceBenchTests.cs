using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>atlas bench --service</c> on a pair that takes no time.</summary>
public sealed class ServiceBenchTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public void The_object_has_the_documented_keys_with_positive_numbers()
    {
        var result = AtlasProgram.Run(
            "bench", "--service", "--target", pair.Target, "--draft", pair.Draft, "--threads", "1", "--calls", "400", "--served-requests", "4",
            "--served-tokens", "16", "--json");
        var json = result.Json;
        foreach (string key in (string[])
            ["draft_rtt_us", "draft_rtt_p99_us", "draft_batch64_us", "rpc_per_s", "draft_tokens_per_call", "batch8_plain_over_1"])
            Assert.True(json.GetProperty(key).GetDouble() > 0, key);
        Assert.True(json.GetProperty("draft_rtt_p99_us").GetDouble() >= json.GetProperty("draft_rtt_us").GetDouble());
        Assert.True(json.GetProperty("draft_alloc_bytes_per_call").GetDouble() >= 0);
        Assert.Equal(System.Text.Json.JsonValueKind.Number, json.GetProperty("stream_overhead_us_per_token").ValueKind);
        var ratios = json.GetProperty("atlas_over_plain").EnumerateObject().ToList();
        Assert.Equal(["1", "4", "8", "16"], ratios.Select(ratio => ratio.Name));
        Assert.All(ratios, ratio => Assert.True(ratio.Value.GetDouble() > 0));
        Assert.Contains("64 sequences", result.Output, StringComparison.Ordinal);
    }
}
