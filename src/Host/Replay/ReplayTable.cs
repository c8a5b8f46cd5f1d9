using System.Globalization;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;
using Spectre.Console;

namespace Atlas.Host.Replay;

/// <summary>The replay's table, and the lines around it.</summary>
internal static class ReplayTable
{
    private const int MostDifferences = 10;

    public static void Write(ReplaySummary summary)
    {
        var log = summary.Log;
        TableWidth.Widen();
        string last = summary.Manner.Modelled ? "replayed\ntokens/s" : "tokens/s";
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(summary.Source));
        foreach (string column in (string[])
            ["strategy", "acceptance\nlength", "acceptance\nrate", "drafted\nper step", "us per\ncall", "us per\ndraft token", $"over plain,\n{summary.Manner.Times}", last])
            table.AddColumn(column, c => c.Alignment(column == "strategy" ? Justify.Left : Justify.Right).NoWrap());
        foreach (string name in log.Reported)
        {
            var totals = log.Total(name);
            table.AddRow(
                name, Text(totals.AcceptanceLength, "F2"), Text(totals.AcceptanceRate, "F2"), Text(totals.DraftedPerStep, "F2"), Text(totals.DraftMicrosecondsPerCall, "F2"),
                Text(totals.DraftMicrosecondsPerToken, "F2"), Text(log.Speedup(name), "F2"),
                summary.Manner.Modelled ? Text(totals.ReplayedPerSecond, "F0") : Text(totals.Goodput, "F1"));
        }
        AnsiConsole.Write(table);
        Console.WriteLine($"tokens: {log.Trace.TokenKind}" + (summary.Manner.Latency is { } latency ? $"; target forwards by the table {latency} (rows:ms)" : ""));
        if (summary.Identical is { } identical) Console.WriteLine(identical ? "outputs identical to plain decoding" : "some outputs differ from plain decoding's");
        foreach (var difference in summary.Runs.SelectMany(run => run.Differences ?? []).Take(MostDifferences))
            Console.WriteLine($"  request {difference.Request + 1} ({difference.Domain}): {difference.Strategy} differs from output token {difference.Position + 1} on");
        if (summary.Runs.Count > 1) WriteSpread(summary);
        Console.WriteLine(summary.Conclusion);
    }

    private static void WriteSpread(ReplaySummary summary)
    {
        Console.WriteLine($"the table is of {summary.Source}; over {summary.Runs.Count} seeds, least / median / most:");
        foreach (string name in summary.Log.Reported.Skip(1))
            Console.WriteLine(
                $"  {name,-8} acceptance length {Text(summary.Over(log => log.Total(name).AcceptanceLength))}, over plain {Text(summary.Over(log => log.Speedup(name)))}");
        if (summary.HasRegret) Console.WriteLine($"  regret of atlas {Text(summary.Regret)}");
    }

    private static string Text(Spread spread) => string.Create(CultureInfo.InvariantCulture, $"{spread.Low:F3} / {spread.Median:F3} / {spread.High:F3}");

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}
