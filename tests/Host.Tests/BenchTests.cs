using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>atlas bench</c> on a shape that takes no time.</summary>
public sealed class BenchTests
{
    private static readonly string[] Shape =
    [
        "bench", "--layers", "1", "--width", "32", "--heads", "2", "--kv-heads", "1", "--ffn", "64", "--vocabulary", "300", "--context", "16",
        "--rounds", "3", "--threads", "1",
    ];

    [Fact]
    public void The_object_has_the_documented_keys_with_positive_numbers()
    {
        var json = AtlasProgram.Run([.. Shape, "--json", "--dtype", "int8"]).Json;
        Assert.Equal("cpu", json.GetProperty("engine").GetString());
        Assert.Equal("int8", json.GetProperty("dtype").GetString());
        Assert.Equal(1, json.GetProperty("threads").GetInt32());
        foreach (string key in (string[])
            ["parameters", "memory_bandwidth_gbps", "fma_peak_gflops", "step_bytes", "decode_tokens_per_s", "prefill_tokens_per_s"])
            Assert.True(json.GetProperty(key).GetDouble() > 0, key);
        Assert.True(json.GetProperty("decode_bandwidth_fraction").GetDouble() >= 0);
        Assert.True(json.GetProperty("alloc_bytes_per_step").GetDouble() >= 0);
        var verify = json.GetProperty("verify_cost").EnumerateObject().ToList();
        Assert.Equal(["2", "4", "8", "16"], verify.Select(cost => cost.Name));
        Assert.All(verify, cost => Assert.True(cost.Value.GetDouble() > 0));
    }

    [Fact]
    public void The_lines_say_the_same()
    {
        string output = AtlasProgram.Run(Shape).Done().Output;
        foreach (string text in (string[])["read bandwidth", "multiply-add peak", "plain step", "bytes of a step", "verifying 16 rows", "reading a prompt"])
            Assert.Contains(text, output, StringComparison.Ordinal);
    }
}
