using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Benchmarks;
using Atlas.Evaluation.Replay;
using Atlas.Modeling;

namespace Atlas.Host.Bench;

/// <summary>The JSON object of <c>atlas bench</c>. Figures of a format for which the engine has no kernels are null.</summary>
internal static class BenchJson
{
    public static void Write(BenchmarkResult r, SpeculationCosts costs) => Console.WriteLine(Object(r, costs).ToJsonString());

    public static string Name(WeightFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>How many times as fast int8 decodes as bf16; null where one of them was not measured.</summary>
    public static double? Int8OverBf16(BenchmarkResult r) =>
        Find(r, WeightFormat.Int8) is { } int8 && Find(r, WeightFormat.BF16) is { } bf16 ? bf16.Plain.Seconds.Over(int8.Plain.Seconds).Median : null;

    /// <summary>Times of a decoder's steps as a latency table, which <c>replay --latency</c> takes.</summary>
    public static string Latency(DecoderResult decoder) => LatencyTable.Write(decoder.Steps.Select(step => (step.Rows, step.Seconds.Median)));

    private static JsonObject Object(BenchmarkResult r, SpeculationCosts costs)
    {
        var least = r.Products.MinBy(product => product.FractionOfPeak(r.Limits).Median)!;
        return new JsonObject
        {
            ["engine"] = r.Engine.Name,
            ["device"] = r.Engine.Device,
            ["threads"] = r.Engine.Threads,
            ["parameters"] = r.Parameters,
            ["dtype"] = Name(r.Options.Format),
            ["context"] = r.Options.Shape.Context,
            ["rounds"] = r.Options.Rounds,
            ["step_bytes"] = r.Asked.Plain.Work.Bytes,
            ["step_operations"] = r.Asked.Plain.Work.Operations,
            ["free_memory_bytes"] = r.FreeMemory,
            ["latency"] = Latency(r.Asked),
            ["forwards"] = Forwards(r),
            ["products"] = Products(r),
            ["bandwidth_spread"] = Round(r.Limits.ReadGigabytesPerSecond.Spread),
            ["fma_spread"] = Round(r.Limits.MultiplyAddGigaflops.Spread),
            ["memory_bandwidth_gbps"] = Round(r.Limits.ReadGigabytesPerSecond.Median),
            ["fma_peak_gflops"] = Round(r.Limits.MultiplyAddGigaflops.Median),
            ["decode_tokens_per_s"] = Round(r.Asked.Plain.RowsPerSecond),
            ["decode_bandwidth_fraction"] = Round(r.Asked.Plain.FractionOfBandwidth(r.Limits).Median),
            ["verify_cost"] = VerifyCost(r.Asked),
            ["prefill_tokens_per_s"] = Round(r.Asked.Prompt.RowsPerSecond),
            ["gemm_gflops"] = Round(least.Gigaflops.Median),
            ["gemm_fraction_of_peak"] = Round(least.FractionOfPeak(r.Limits).Median),
            ["int8_over_bf16"] = Int8OverBf16(r) is { } ratio ? Round(ratio) : null,
            ["int8_verify_cost"] = Find(r, WeightFormat.Int8) is { } int8 ? VerifyCost(int8) : null,
            ["alloc_bytes_per_step"] = Round(r.AllocatedBytesPerStep),
            ["controller_us_per_decision"] = Round(costs.Controller.MicrosecondsPerDecision),
            ["controller_alloc_bytes_per_decision"] = Round(costs.Controller.AllocatedBytesPerDecision),
            ["suffix_stored_tokens"] = costs.Suffix?.StoredTokens,
            ["suffix_us_per_call"] = Round(costs.Suffix?.MicrosecondsPerCall),
            ["suffix_p99_us"] = Round(costs.Suffix?.MicrosecondsP99),
            ["suffix_us_per_token"] = Round(costs.Suffix?.MicrosecondsPerToken),
            ["suffix_us_per_append"] = Round(costs.Suffix?.MicrosecondsPerAppend),
            ["suffix_bytes_per_token"] = Round(costs.Suffix?.BytesPerToken),
            ["suffix_acceptance_length"] = Round(costs.Suffix?.AcceptanceLength),
            ["learned_us_per_token"] = Round(costs.Learned?.MicrosecondsPerToken),
            ["learned_step_fraction"] = Round(costs.Learned?.StepFraction),
            ["learned_bytes_per_token"] = costs.Learned?.WeightBytesPerToken,
        };
    }

    private static JsonArray Forwards(BenchmarkResult r)
    {
        var list = new JsonArray();
        foreach (var decoder in r.Decoders)
            foreach (var phase in decoder.Steps.Append(decoder.Prompt))
                list.Add(new JsonObject
                {
                    ["phase"] = phase == decoder.Prompt ? "prefill" : phase.Rows == 1 ? "decode" : "verify",
                    ["rows"] = phase.Rows,
                    ["dtype"] = Name(decoder.Format),
                    ["bytes"] = phase.Work.Bytes,
                    ["operations"] = phase.Work.Operations,
                    ["milliseconds"] = Round(phase.Seconds.Median * 1e3),
                    ["spread"] = Round(phase.Seconds.Spread),
                    ["fraction_of_bandwidth"] = Round(phase.FractionOfBandwidth(r.Limits).Median),
                    ["fraction_of_peak"] = Round(phase.FractionOfPeak(r.Limits).Median),
                });
        return list;
    }

    private static JsonArray Products(BenchmarkResult r) => new(
    [
        .. r.Products.Select(product => new JsonObject
        {
            ["product"] = product.Name,
            ["bytes"] = product.Work.Bytes,
            ["operations"] = product.Work.Operations,
            ["gflops"] = Round(product.Gigaflops.Median),
            ["fraction_of_peak"] = Round(product.FractionOfPeak(r.Limits).Median),
        }),
    ]);

    private static JsonObject VerifyCost(DecoderResult decoder)
    {
        var costs = new JsonObject();
        foreach (var step in decoder.Steps)
            if (step.Rows > 1)
                costs[step.Rows.ToString(CultureInfo.InvariantCulture)] = Round(decoder.CostOf(step).Median);
        return costs;
    }

    private static DecoderResult? Find(BenchmarkResult r, WeightFormat format) => r.Decoders.FirstOrDefault(decoder => decoder.Format == format);

    private static double Round(double value) => Math.Round(value, 4);

    private static double? Round(double? value) => value is { } number ? Round(number) : null;
}
