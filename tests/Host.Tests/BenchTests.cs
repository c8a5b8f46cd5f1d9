using System.Text.Json;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Rollouts;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>atlas bench</c> on a shape that takes no time.</summary>
public sealed class BenchTests
{
    private static readonly string[] Shape =
    [
        "bench", "--layers", "1", "--width", "32", "--heads", "2", "--kv-heads", "1", "--ffn", "64", "--vocabulary", "300", "--context", "16",
        "--rounds", "3", "--threads", "1", "--suffix-tokens", "0",
    ];

    [Fact]
    public void What_speculation_costs_is_measured_too()
    {
        var json = AtlasProgram.Run([.. Shape[..^1], "3000", "--json"]).Json;
        foreach (string key in (string[])
            ["controller_us_per_decision", "suffix_us_per_call", "suffix_p99_us", "suffix_us_per_token", "suffix_us_per_append",
             "suffix_bytes_per_token", "suffix_stored_tokens", "learned_us_per_token", "learned_step_fraction"])
            Assert.True(json.GetProperty(key).GetDouble() > 0, key);
        Assert.Equal(0, json.GetProperty("controller_alloc_bytes_per_decision").GetDouble());
    }

    [Fact]
    public void A_suffix_store_that_was_left_out_has_no_figures() =>
        Assert.Equal(JsonValueKind.Null, AtlasProgram.Run([.. Shape, "--json"]).Json.GetProperty("suffix_us_per_call").ValueKind);

    [Fact]
    public void With_a_probability_the_layers_compound()
    {
        var result = AtlasProgram.Run([.. Shape, "--acceptance", "0.8", "--requests", "1", "--tokens", "24", "--json"]);
        Assert.True(result.Json.GetProperty("identical").GetBoolean());
        foreach (string key in (string[])
            ["bf16_plain_tokens_per_s", "int8_plain_tokens_per_s", "int8_speculative_tokens_per_s", "int8_over_bf16", "speculative_over_int8",
             "speculative_over_bf16", "acceptance_length"])
            Assert.True(result.Json.GetProperty(key).GetDouble() > 0, key);
        Assert.Contains("0.80", result.Output, StringComparison.Ordinal);
        AtlasProgram.Run([.. Shape, "--acceptance", "1.5"]).Refused("--acceptance", "0 to 1");
    }

    [Fact]
    public void A_speculative_step_is_taken_apart_and_its_table_can_be_priced_with()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string[] draft = ["--draft-layers", "1", "--draft-width", "16", "--draft-heads", "2", "--draft-kv-heads", "1", "--draft-ffn", "32"];
            var result = AtlasProgram.Run(
                [.. Shape, "--speculative", .. draft, "--lookahead", "3", "--batches", "1,2", "--rows", "1,4", "--latency-table", file, "--json"]);
            foreach (string key in (string[])
                ["memory_bandwidth_gbps", "decode_bandwidth_fraction", "draft_ms", "draft_step_fraction", "learned_us_per_token", "step_ms"])
                Assert.True(result.Json.GetProperty(key).GetDouble() > 0, key);
            Assert.InRange(result.Json.GetProperty("step_overhead_fraction").GetDouble(), 0, 1);
            Assert.Equal(4, result.Json.GetProperty("forwards").GetArrayLength());
            Assert.NotNull(LatencyTable.Parse(result.Json.GetProperty("latency").GetString()!));
            var table = MachineTable.Read(file);
            Assert.Equal([1, 2, 4, 8], table.Target.Select(point => (int)point[0]));
            Assert.True(table.CostOf("static").PerLevel > 0 && table.CostOf("learned").PerLevel > 0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--batches", "2,4")]
    [InlineData("--rows", "1,1")]
    [InlineData("--rows", "1,x")]
    [InlineData("--lookahead", "32")]
    [InlineData("--draft-heads", "3")]
    public void Sizes_that_make_no_speculative_step_are_refused(string option, string value) =>
        AtlasProgram.Run([.. Shape, "--speculative", option, value]).Refused(option, "expected");

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    [InlineData("int8")]
    public void The_object_has_the_documented_keys_with_positive_numbers(string format)
    {
        var json = AtlasProgram.Run([.. Shape, "--json", "--dtype", format]).Json;
        Assert.Equal("cpu", json.GetProperty("engine").GetString());
        Assert.Equal(format, json.GetProperty("dtype").GetString());
        Assert.Equal(1, json.GetProperty("threads").GetInt32());
        foreach (string key in (string[])
            ["parameters", "memory_bandwidth_gbps", "fma_peak_gflops", "step_bytes", "decode_tokens_per_s", "decode_bandwidth_fraction",
             "prefill_tokens_per_s", "gemm_gflops", "gemm_fraction_of_peak", "int8_over_bf16"])
            Assert.True(json.GetProperty(key).GetDouble() > 0, key);
        Assert.True(json.GetProperty("alloc_bytes_per_step").GetDouble() >= 0);
        Assert.True(json.GetProperty("free_memory_bytes").GetInt64() > 0);
        var latency = LatencyTable.Parse(json.GetProperty("latency").GetString()!);
        Assert.Equal([1, 2, 4, 8, 16], latency.Rows);
        Assert.All(latency.Seconds, seconds => Assert.True(seconds > 0));
        foreach (string key in (string[])["verify_cost", "int8_verify_cost"])
        {
            var costs = json.GetProperty(key).EnumerateObject().ToList();
            Assert.Equal(["2", "4", "8", "16"], costs.Select(cost => cost.Name));
            Assert.All(costs, cost => Assert.True(cost.Value.GetDouble() > 0));
        }
        if (format == "int8") Assert.Equal(json.GetProperty("verify_cost").ToString(), json.GetProperty("int8_verify_cost").ToString());
    }

    [Fact]
    public void The_figures_of_one_object_agree()
    {
        var json = AtlasProgram.Run([.. Shape, "--json"]).Json;
        var forwards = json.GetProperty("forwards").EnumerateArray().ToList();
        Assert.Equal(12, forwards.Count);
        var plain = forwards[0];
        Assert.Equal(("decode", "bf16"), (plain.GetProperty("phase").GetString(), plain.GetProperty("dtype").GetString()));
        Assert.Equal(json.GetProperty("step_bytes").GetDouble(), plain.GetProperty("bytes").GetDouble());
        // Rounded to four digits behind the point each.
        Assert.Equal(1, json.GetProperty("decode_tokens_per_s").GetDouble() * plain.GetProperty("milliseconds").GetDouble() / 1e3, 0.05);
        var products = json.GetProperty("products").EnumerateArray().ToList();
        Assert.Equal(["forward", "dW", "dX"], products.Select(product => product.GetProperty("product").GetString()));
        Assert.Equal(products.Min(Fraction), json.GetProperty("gemm_fraction_of_peak").GetDouble());

        static double Fraction(JsonElement product) => product.GetProperty("fraction_of_peak").GetDouble();
    }

    [Fact]
    public void The_table_has_a_line_for_each_phase_and_format()
    {
        string output = AtlasProgram.Run(Shape).Done().Output;
        foreach (string text in (string[])["read bandwidth", "multiply-add peak", "managed allocation", "int8 over bf16", "forward", "dW", "dX"])
            Assert.Contains(text, output, StringComparison.Ordinal);
        var lines = output.Split('\n').ToList();
        foreach (string phase in (string[])["plain decode", "verify 2", "verify 4", "verify 8", "verify 16", "prefill 512"])
        {
            int at = lines.FindIndex(line => line.Contains(phase, StringComparison.Ordinal) && line.Contains("bf16", StringComparison.Ordinal));
            Assert.True(at >= 0, phase);
            Assert.Contains("int8", lines[at + 1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Odd_sizes_are_measured_too() =>
        AtlasProgram.Run(
            "bench", "--layers", "1", "--width", "30", "--heads", "3", "--kv-heads", "3", "--ffn", "17", "--vocabulary", "1", "--context", "1",
            "--rounds", "1", "--threads", "3", "--suffix-tokens", "0").Done();
}
