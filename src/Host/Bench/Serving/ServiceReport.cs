using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Bench.Serving;

/// <summary>What <c>atlas bench --service</c> prints.</summary>
internal static class ServiceReport
{
    /// <summary>A line for each figure.</summary>
    public static void WriteText(SidecarFigures drafts, GenerationFigures generation)
    {
        Line("draft round trip, one sequence", drafts.MedianMicroseconds, "us, median");
        Line("", drafts.P99Microseconds, "us, 99 of 100 are faster");
        Line("draft round trip, 64 sequences", drafts.Batch64Microseconds, "us, median");
        Line("draft calls, 8 connections", drafts.CallsPerSecond, "a second");
        Line("draft tokens in an answer", drafts.DraftTokensPerCall, "");
        Line("allocation per draft call", drafts.AllocatedBytesPerCall, "bytes, client and server");
        Line("serving adds to a streamed token", generation.OverheadMicroseconds, "us");
        Line("plain, 8 at once over 1 at a time", generation.Batch8PlainOver1, "");
        foreach (var (atOnce, ratio) in generation.AtlasOverPlain) Line($"atlas over plain, {atOnce} at once", ratio, "");
    }

    /// <summary>One line that holds a JSON object.</summary>
    public static void WriteJson(SidecarFigures drafts, GenerationFigures generation)
    {
        var ratios = new JsonObject();
        foreach (var (atOnce, ratio) in generation.AtlasOverPlain) ratios[atOnce.ToString(CultureInfo.InvariantCulture)] = JsonFigure.Of(ratio);
        Console.WriteLine(new JsonObject
        {
            ["draft_rtt_us"] = JsonFigure.Of(drafts.MedianMicroseconds),
            ["draft_rtt_p99_us"] = JsonFigure.Of(drafts.P99Microseconds),
            ["draft_batch64_us"] = JsonFigure.Of(drafts.Batch64Microseconds),
            ["rpc_per_s"] = JsonFigure.Of(drafts.CallsPerSecond),
            ["draft_tokens_per_call"] = JsonFigure.Of(drafts.DraftTokensPerCall),
            ["draft_alloc_bytes_per_call"] = JsonFigure.Of(drafts.AllocatedBytesPerCall),
            ["stream_overhead_us_per_token"] = JsonFigure.Of(generation.OverheadMicroseconds),
            ["batch8_plain_over_1"] = JsonFigure.Of(generation.Batch8PlainOver1),
            ["atlas_over_plain"] = ratios,
        }.ToJsonString());
    }

    private static void Line(string what, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-36}{value,12:F2} {unit}").TrimEnd());
}
