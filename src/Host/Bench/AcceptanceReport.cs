using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Benchmarks;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Bench;

/// <summary>What <c>atlas bench --acceptance</c> says, for people and as JSON.</summary>
internal static class AcceptanceReport
{
    public static void WriteText(AcceptanceResult result, BenchmarkShape shape, EngineInfo engine)
    {
        Line($"{engine.Device}, {engine.Threads} threads");
        Line($"{shape.ToConfig().ParameterCount / 1e6:F1} M parameters, random weights; drafts right with probability {result.Acceptance:F2}");
        Line($"bf16 plain           {result.BF16Plain:F1} tokens/s");
        Line($"int8 plain           {result.Int8Plain:F1} tokens/s, {result.Int8Plain / result.BF16Plain:F2} x");
        Line($"int8 speculative     {result.Int8Speculative:F1} tokens/s, {result.Int8Speculative / result.Int8Plain:F2} x int8 plain, {result.Int8Speculative / result.BF16Plain:F2} x bf16 plain");
        Line($"acceptance length    {result.AcceptanceLength:F2}; rate {result.AcceptanceRate:F2}");
        Line($"{(result.Identical ? "outputs identical to plain decoding in int8" : "outputs differ from plain decoding in int8")}");
    }

    public static void WriteJson(AcceptanceResult result) => Console.WriteLine(new JsonObject
    {
        ["acceptance"] = result.Acceptance,
        ["bf16_plain_tokens_per_s"] = Round(result.BF16Plain),
        ["int8_plain_tokens_per_s"] = Round(result.Int8Plain),
        ["int8_speculative_tokens_per_s"] = Round(result.Int8Speculative),
        ["int8_over_bf16"] = Round(result.Int8Plain / result.BF16Plain),
        ["speculative_over_int8"] = Round(result.Int8Speculative / result.Int8Plain),
        ["speculative_over_bf16"] = Round(result.Int8Speculative / result.BF16Plain),
        ["acceptance_length"] = Round(result.AcceptanceLength),
        ["acceptance_rate"] = Round(result.AcceptanceRate),
        ["identical"] = result.Identical,
    }.ToJsonString());

    private static double Round(double value) => Math.Round(value, 4);

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
