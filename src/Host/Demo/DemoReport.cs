using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Comparison;
using Atlas.Modeling.Engine;
using Spectre.Console;

namespace Atlas.Host.Demo;

/// <summary>The demonstration's table and its JSON object.</summary>
internal static class DemoReport
{
    public static void WriteTable(StrategyComparison comparison, IReadOnlyList<Strategy> strategies, EngineInfo engine)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string column in (string[])["domain", "strategy", "tokens/s", "speedup", "acceptance\nlength", "acceptance\nrate", "right"])
            table.AddColumn(column, c => c.Alignment(column is "domain" or "strategy" ? Justify.Left : Justify.Right).NoWrap());
        foreach (string domain in comparison.Domains)
            AddRows(table, domain, strategies, s => comparison.Score(domain, s));
        AddRows(table, "all", strategies, comparison.Total);
        AnsiConsole.Write(table);
        Console.WriteLine($"{engine.Device}, {engine.Threads} threads");
        Console.WriteLine(comparison.Differences.Count == 0
            ? "outputs identical to plain decoding"
            : $"{comparison.Differences.Count} outputs differ from plain decoding; first: {comparison.Differences[0]}");
    }

    public static void WriteJson(StrategyComparison comparison, IReadOnlyList<Strategy> strategies)
    {
        var list = new JsonArray();
        foreach (var strategy in strategies)
        {
            var entry = Figures(comparison.Total(strategy.Name), comparison.Total(strategies[0].Name));
            entry.Insert(0, "name", strategy.Name);
            var domains = new JsonObject();
            foreach (string domain in comparison.Domains)
                domains[domain] = Figures(comparison.Score(domain, strategy.Name), comparison.Score(domain, strategies[0].Name));
            entry["domains"] = domains;
            list.Add(entry);
        }
        Console.WriteLine(new JsonObject { ["strategies"] = list, ["identical"] = comparison.Differences.Count == 0 }.ToJsonString());
    }

    private static void AddRows(Table table, string domain, IReadOnlyList<Strategy> strategies, Func<string, StrategyScore> scoreOf)
    {
        var plain = scoreOf(strategies[0].Name);
        foreach (var strategy in strategies)
        {
            var score = scoreOf(strategy.Name);
            bool drafts = score.Statistics.Drafted > 0;
            table.AddRow(
                strategy == strategies[0] ? domain : "",
                strategy.Name,
                Text(score.Goodput, "F1"),
                Text(score.Goodput / plain.Goodput, "F2"),
                drafts ? Text(score.Statistics.AcceptanceLength, "F2") : "",
                drafts ? Text(score.Statistics.AcceptanceRate, "F2") : "",
                double.IsNaN(score.Accuracy) ? "" : Text(score.Accuracy, "P0"));
        }
    }

    private static JsonObject Figures(StrategyScore score, StrategyScore plain) => new()
    {
        ["requests"] = score.Requests,
        ["tokens"] = score.Statistics.Emitted,
        ["goodput_tokens_per_s"] = Round(score.Goodput),
        ["speedup"] = Round(score.Goodput / plain.Goodput),
        ["end_to_end_tokens_per_s"] = Round(score.EndToEnd),
        ["end_to_end_speedup"] = Round(score.EndToEnd / plain.EndToEnd),
        ["acceptance_length"] = Round(score.Statistics.AcceptanceLength),
        ["acceptance_rate"] = Round(score.Statistics.AcceptanceRate),
        ["right_answers"] = double.IsNaN(score.Accuracy) ? null : Round(score.Accuracy),
        ["ended_by_themselves"] = Round(score.EndedByThemselves),
    };

    private static JsonNode? Round(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;

    private static string Text(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";
}
