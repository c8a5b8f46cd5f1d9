using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Benchmarks;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;
using Spectre.Console;

namespace Atlas.Host.Bench;

/// <summary>What <c>atlas bench --speculative</c> says, for people, as JSON, and as a latency table.</summary>
/// <param name="result">What was measured.</param>
internal sealed class StepReport(StepBenchmarkResult result)
{
    private static readonly double[] Acceptances = [0.6, 0.7, 0.8, 0.9];

    /// <summary>Prints a table and the summary.</summary>
    public void WriteText()
    {
        var options = result.Options;
        Line($"{result.Engine.Device}, {result.Engine.Threads} threads");
        Line($"target: {Shape(options.Target)}; draft: {Shape(options.DraftShape)}; random weights in {BenchJson.Name(options.Format)}, context {options.Target.Context}");
        Line($"medians of {options.Rounds} rounds, in each of which everything takes its turn; ratios are taken within rounds");
        Line($"read bandwidth       {result.Limits.ReadGigabytesPerSecond.Median:F1} GB/s +-{result.Limits.ReadGigabytesPerSecond.Spread:P0}");
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string name in (string[])["sequences", "rows\neach", "MB", "ms", "over\n1 row", "of band-\nwidth"])
            table.AddColumn(name, column => column.Alignment(Justify.Right).NoWrap());
        foreach (var forward in result.Forwards)
            table.AddRow(
                Text(forward.Sequences, "0"), Text(forward.RowsEach, "0"), Text(forward.Phase.Work.Bytes / 1e6, "F1"), Text(forward.Phase.Seconds.Median * 1e3, "F3"),
                Text(result.CostOf(forward).Median, "F2"), Text(forward.Phase.FractionOfBandwidth(result.Limits).Median, "P0"));
        AnsiConsole.Write(table);
        Line($"draft step           {result.DraftStep.Seconds.Median * 1e3:F3} ms, {result.DraftFraction.Median:P1} of a plain step, reading at {result.DraftStep.FractionOfBandwidth(result.Limits).Median:P0} of the bandwidth");
        if (result.Learned is { } learned)
            Line($"learned speculator   {learned.MicrosecondsPerToken:F1} us per drafted token, {learned.StepFraction:P1} of a step");
        Line($"speculative step     {result.Step.Median * 1e3:F3} ms with {options.Lookahead} draft tokens; {result.StepOverhead.Median:P1} of it beyond its forwards and draws");
        Line($"speedup, computed    {string.Join(", ", Acceptances.Select(a => $"{Text(result.SpeedupAt(a), "F2")} x at acceptance {Text(a, "F1")}"))}");
        Line($"latency table        {LatencyTable.Write(result.Latency)} (rows:ms, for replay --latency)");
    }

    /// <summary>Prints the JSON object.</summary>
    public void WriteJson() => Console.WriteLine(new JsonObject
    {
        ["engine"] = result.Engine.Name,
        ["device"] = result.Engine.Device,
        ["threads"] = result.Engine.Threads,
        ["target"] = Shape(result.Options.Target),
        ["draft"] = Shape(result.Options.DraftShape),
        ["dtype"] = BenchJson.Name(result.Options.Format),
        ["context"] = result.Options.Target.Context,
        ["rounds"] = result.Options.Rounds,
        ["lookahead"] = result.Options.Lookahead,
        ["memory_bandwidth_gbps"] = Round(result.Limits.ReadGigabytesPerSecond.Median),
        ["decode_bandwidth_fraction"] = Round(result.Plain.Phase.FractionOfBandwidth(result.Limits).Median),
        ["forwards"] = new JsonArray([.. result.Forwards.Select(Forward)]),
        ["draft_ms"] = Round(result.DraftStep.Seconds.Median * 1e3),
        ["draft_step_fraction"] = Round(result.DraftFraction.Median),
        ["learned_us_per_token"] = result.Learned is { } learned ? Round(learned.MicrosecondsPerToken) : null,
        ["learned_step_fraction"] = result.Learned is { } head ? Round(head.StepFraction) : null,
        ["step_ms"] = Round(result.Step.Median * 1e3),
        ["step_overhead_fraction"] = Round(result.StepOverhead.Median),
        ["computed_speedup"] = new JsonObject(Acceptances.Select(a => KeyValuePair.Create(Text(a, "F1"), (JsonNode?)Round(result.SpeedupAt(a))))),
        ["latency"] = LatencyTable.Write(result.Latency),
    }.ToJsonString());

    /// <summary>Writes what <c>atlas rl --latency-table</c> reads. A suffix speculator runs on the host and is not part of this measurement.</summary>
    public void WriteTable(string path)
    {
        var speculators = new JsonObject { ["static"] = Cost(result.DraftStep.Seconds.Median * 1e3) };
        if (result.Learned is { } learned) speculators["learned"] = Cost(learned.MicrosecondsPerToken / 1e3);
        var table = new JsonObject
        {
            ["name"] = $"{Shape(result.Options.Target)} in {BenchJson.Name(result.Options.Format)} on {result.Engine.Device}",
            ["source"] = string.Create(
                CultureInfo.InvariantCulture,
                $"Measured by atlas bench --speculative: medians of {result.Options.Rounds} rounds behind a context of {result.Options.Target.Context}; of equal row counts the slowest. static: a draft model of {Shape(result.Options.DraftShape)}."),
            ["target"] = new JsonArray([.. result.Latency.Select(point => new JsonArray(point.Rows, Round(point.Seconds * 1e3)))]),
            ["speculators"] = speculators,
        };
        JsonFile.Save(path, table);
    }

    private static JsonObject Cost(double levelMs) => new() { ["call_ms"] = 0, ["level_ms"] = Round(levelMs), ["token_ms"] = 0 };

    private JsonObject Forward(BatchForward forward) => new()
    {
        ["sequences"] = forward.Sequences,
        ["rows_each"] = forward.RowsEach,
        ["bytes"] = forward.Phase.Work.Bytes,
        ["ms"] = Round(forward.Phase.Seconds.Median * 1e3),
        ["over_one_row"] = Round(result.CostOf(forward).Median),
        ["of_bandwidth"] = Round(forward.Phase.FractionOfBandwidth(result.Limits).Median),
    };

    private static string Shape(BenchmarkShape shape) => string.Create(
        CultureInfo.InvariantCulture, $"{shape.ToConfig().ParameterCount / 1e6:F0} M parameters ({shape.Layers} layers, width {shape.Width}, vocabulary {shape.Vocabulary})");

    private static double Round(double value) => Math.Round(value, 4);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
