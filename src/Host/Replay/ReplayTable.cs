using System.Globalization;
using Atlas.Evaluation.Replay;
using Spectre.Console;

namespace Atlas.Host.Replay;

/// <summary>The replay's table, and the lines around it.</summary>
internal static class ReplayTable
{
    private const int RedirectedWidth = 120;

    public static void Write(ReplaySummary summary)
    {
        var log = summary.Log;
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, RedirectedWidth);
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string column in (string[])["strategy", "acceptance\nlength", "acceptance\nrate", "drafted\nper step", "us per\ncall", "us per\ndraft token", "over plain,\nmodelled", "replayed\ntokens/s"])
            table.AddColumn(column, c => c.Alignment(column == "strategy" ? Justify.Left : Justify.Right).NoWrap());
        foreach (string name in log.Reported)
        {
            var totals = log.Total(name);
            table.AddRow(
                name, Text(totals.AcceptanceLength, "F2"), Text(totals.AcceptanceRate, "F2"), Text(totals.DraftedPerStep, "F2"), Text(totals.DraftMicrosecondsPerCall, "F2"),
                Text(totals.DraftMicrosecondsPerToken, "F2"), Text(log.Speedup(name), "F2"), Text(totals.ReplayedPerSecond, "F0"));
        }
        AnsiConsole.Write(table);
        Console.WriteLine($"tokens: {log.Trace.TokenKind}; target forwards by the table {summary.Latency} (rows:ms)");
        if (summary.Runs.Count > 1) WriteSpread(summary);
        Console.WriteLine(ReplayConclusion.Of(log));
    }

    private static void WriteSpread(ReplaySummary summary)
    {
        Console.WriteLine($"the table is of {summary.Source}; over {summary.Runs.Count} seeds, least / median / most:");
        foreach (string name in summary.Log.Reported.Skip(1))
            Console.WriteLine(
                $"  {name,-8} acceptance length {Text(summary.Over(log => log.Total(name).AcceptanceLength))}, over plain {Text(summary.Over(log => log.Speedup(name)))}");
        if (summary.HasRegret) Console.WriteLine($"  regret of atlas {Text(summary.Over(log => log.Regret(ReplayStrategies.Atlas)))}");
    }

    private static string Text(Spread spread) => string.Create(CultureInfo.InvariantCulture, $"{spread.Low:F3} / {spread.Median:F3} / {spread.High:F3}");

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}
