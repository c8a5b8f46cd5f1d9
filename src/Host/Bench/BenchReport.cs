using System.Globalization;
using System.Text.Json.Nodes;

namespace Atlas.Host.Bench;

/// <summary>The lines and the JSON object of <c>atlas bench</c>.</summary>
internal static class BenchReport
{
    public static void WriteText(BenchResult r)
    {
        Line($"device               {r.Engine.Device}, {r.Engine.Threads} threads");
        Line($"read bandwidth       {r.Limits.ReadGigabytesPerSecond:F1} GB/s");
        Line($"multiply-add peak    {r.Limits.MultiplyAddGigaflops:F0} GFLOP/s in f32");
        Line($"model                {r.Parameters / 1e6:F1} M parameters, {r.Format}, random weights");
        Line($"plain step           {r.StepSeconds[1] * 1e3:F2} ms, {r.DecodeTokensPerSecond:F1} tokens/s");
        Line($"bytes of a step      {r.StepBytes / 1e6:F1} MB, read at {r.DecodeBandwidthFraction:P0} of the bandwidth");
        foreach (var (rows, seconds) in r.StepSeconds)
            if (rows > 1)
                Line($"verifying {rows,2} rows    {seconds / r.StepSeconds[1]:F2} x a plain step");
        Line($"reading a prompt     {r.PrefillTokensPerSecond:F0} tokens/s, {r.PrefillPeakFraction:P0} of the multiply-add peak");
        Line($"managed allocation   {r.AllocatedBytesPerStep:F1} bytes per step");
    }

    public static void WriteJson(BenchResult r)
    {
        var verify = new JsonObject();
        foreach (var (rows, seconds) in r.StepSeconds)
            if (rows > 1)
                verify[rows.ToString(CultureInfo.InvariantCulture)] = Round(seconds / r.StepSeconds[1]);
        Console.WriteLine(new JsonObject
        {
            ["engine"] = r.Engine.Name,
            ["device"] = r.Engine.Device,
            ["threads"] = r.Engine.Threads,
            ["parameters"] = r.Parameters,
            ["dtype"] = r.Format.ToString().ToLowerInvariant(),
            ["memory_bandwidth_gbps"] = Round(r.Limits.ReadGigabytesPerSecond),
            ["fma_peak_gflops"] = Round(r.Limits.MultiplyAddGigaflops),
            ["step_bytes"] = r.StepBytes,
            ["decode_tokens_per_s"] = Round(r.DecodeTokensPerSecond),
            ["decode_bandwidth_fraction"] = Round(r.DecodeBandwidthFraction),
            ["verify_cost"] = verify,
            ["prefill_tokens_per_s"] = Round(r.PrefillTokensPerSecond),
            ["alloc_bytes_per_step"] = Round(r.AllocatedBytesPerStep),
        }.ToJsonString());
    }

    private static double Round(double value) => Math.Round(value, 4);

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
