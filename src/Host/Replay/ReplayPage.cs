using System.Globalization;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Reports;
using Atlas.Evaluation.Scenarios;

namespace Atlas.Host.Replay;

/// <summary>The page of a recorded replay. Requests in a row share a point where there are many.</summary>
internal static class ReplayPage
{
    private const int MostPoints = 60;
    private const int MostBands = 12;

    public static HtmlReport Create(ReplaySummary summary)
    {
        var log = summary.Log;
        var page = new HtmlReport($"Atlas: recorded replay of {summary.Source}");
        page.AddText(ReplayConclusion.Of(log));
        if (summary.Expected is { } expected) page.AddText($"Expected: {expected}");
        page.AddText(
            $"No model ran: completions are what was recorded, and a target forward takes what the table {summary.Latency} (rows:ms) says. Drafting, planning and "
            + $"learning ran and were timed. Strategies without a controller draft {summary.Lookahead} tokens a step at most.");
        page.AddTable(Table(log));
        if (summary.Runs.Count > 1)
        {
            page.AddText($"Over {summary.Runs.Count} seeds, of which this page shows the first:");
            page.AddTable(Spreads(summary));
        }
        page.AddHeading("Over the trace");
        var markers = Markers(log);
        page.AddChart(Lines(log, "Goodput, modelled", "tokens per second", log.Reported, markers, (name, at, count) => log.Range(name, at, count).Goodput));
        page.AddChart(Lines(log, "Acceptance length", "tokens per target forward", log.Reported, markers, (name, at, count) => log.Range(name, at, count).AcceptanceLength));
        page.AddChart(Lines(log, "Draft tokens verified", "per target forward", log.Strategies, markers, (name, at, count) => log.Range(name, at, count).DraftedPerStep));
        if (!log.Strategies.Contains(ReplayStrategies.Atlas)) return page;
        page.AddHeading("What atlas did");
        page.AddChart(Shares(log));
        if (log.Singles.Count > 1) page.AddChart(Lines(log, "Time beyond the oracle's so far", "%", [ReplayStrategies.Atlas], markers, Regrets(log)));
        page.AddText("Circles: the controller noticed drift. The oracle takes for every request whichever strategy without a controller was fastest.");
        return page;
    }

    private static ReportTable Table(ReplayLog log) => new(
        ["strategy", "acceptance length", "acceptance rate", "drafted per step", "us per call", "us per draft token", "over plain, modelled"],
        [.. log.Reported.Select(name => Row(name, log.Total(name), log.Speedup(name)))]);

    private static ReportTable Spreads(ReplaySummary summary) => new(
        ["strategy", "over plain, least", "median", "most", "acceptance length, least", "median", "most"],
        [.. summary.Log.Reported.Skip(1).Select(name => SpreadRow(
            name, summary.Over(log => log.Speedup(name)), summary.Over(log => log.Total(name).AcceptanceLength)))]);

    private static IReadOnlyList<string> SpreadRow(string name, Spread speedup, Spread length) =>
        [name, Text(speedup.Low), Text(speedup.Median), Text(speedup.High), Text(length.Low), Text(length.Median), Text(length.High)];

    private static IReadOnlyList<string> Row(string name, in ReplayTotals totals, double speedup) =>
    [
        name, Text(totals.AcceptanceLength), Text(totals.AcceptanceRate), Text(totals.DraftedPerStep), Text(totals.DraftMicrosecondsPerCall),
        Text(totals.DraftMicrosecondsPerToken), Text(speedup),
    ];

    private static LineChart Lines(
        ReplayLog log, string title, string unit, IReadOnlyList<string> names, IReadOnlyList<Marker> markers, Func<string, int, int, double> value) => new()
        {
            Title = title,
            XLabel = "request",
            YLabel = unit,
            Bands = Bands(log),
            Markers = markers,
            Series = [.. names.Select(name => new ChartSeries(name, [.. Buckets(log).Select(b => Point(name, b.From, b.Count, value(name, b.From, b.Count)))])
        {
            Color = ColorOf(log, name),
        })],
        };

    private static ChartPoint Point(string name, int from, int count, double value) => new(
        from + (count + 1) / 2.0, value,
        string.Create(CultureInfo.InvariantCulture, $"{name}, request {(count == 1 ? $"{from + 1}" : $"{from + 1} to {from + count}")}: {value:F2}"));

    // A name has one colour in all charts; one that is not reported goes by its place.
    private static int? ColorOf(ReplayLog log, string name) => log.Reported.ToList().IndexOf(name) is var index and >= 0 ? index : null;

    // Accepted tokens over emitted ones, shared out by credit; what is left the target wrote itself.
    private static StackedArea Shares(ReplayLog log)
    {
        string[] names = [.. log.StateOf(ReplayStrategies.Atlas, 0).Credits.Select(credit => credit.Name)];
        return new StackedArea
        {
            Title = "Who wrote the tokens",
            XLabel = "request",
            YLabel = "share of emitted tokens, %",
            Bands = Bands(log),
            Series = [.. names.Select((name, i) => new ChartSeries(
                name, [.. Buckets(log).Select(b => Point(name, b.From, b.Count, 100 * Share(log, i, b.From, b.Count)))]) { Color = ColorOf(log, name) })],
        };
    }

    private static double Share(ReplayLog log, int speculator, int from, int count)
    {
        var before = from == 0 ? StrategyState.None : log.StateOf(ReplayStrategies.Atlas, from - 1);
        var credits = log.StateOf(ReplayStrategies.Atlas, from + count - 1).Credits
            .Select((credit, i) => credit.Accepted - (i < before.Credits.Count ? before.Credits[i].Accepted : 0)).ToList();
        double sum = credits.Sum();
        var totals = log.Range(ReplayStrategies.Atlas, from, count);
        return sum == 0 ? 0 : credits[speculator] / sum * totals.Accepted / totals.Tokens;
    }

    // Regret has no axis below 0: where atlas is ahead of the oracle, it has none.
    private static Func<string, int, int, double> Regrets(ReplayLog log) => (name, at, count) =>
        100 * Math.Max(0, log.Range(name, 0, at + count).Seconds / log.Range(ReplayStrategies.Oracle, 0, at + count).Seconds - 1);

    private static List<Marker> Markers(ReplayLog log)
    {
        var markers = new List<Marker>();
        if (!log.Strategies.Contains(ReplayStrategies.Atlas)) return markers;
        int seen = 0;
        for (int i = 0; i < log.Count; i++)
        {
            var drifts = log.StateOf(ReplayStrategies.Atlas, i).Drifts;
            for (; seen < drifts.Count; seen++) markers.Add(new(i + 1, MarkerKind.Drift, $"request {i + 1}: first-token acceptance of {drifts[seen]}"));
        }
        return markers;
    }

    // Stretches of one namespace, where there are few enough to be read.
    private static List<ChartBand> Bands(ReplayLog log)
    {
        var bands = new List<ChartBand>();
        for (int from = 0, i = 1; i <= log.Count; i++)
        {
            string name = log.Trace.Requests[from].Namespace;
            if (i < log.Count && log.Trace.Requests[i].Namespace == name) continue;
            bands.Add(new ChartBand(from + 0.5, i + 0.5, name));
            from = i;
        }
        return bands.Count is > 1 and <= MostBands ? bands : [];
    }

    private static IEnumerable<(int From, int Count)> Buckets(ReplayLog log)
    {
        int size = (log.Count + MostPoints - 1) / MostPoints;
        for (int from = 0; from < log.Count; from += size) yield return (from, Math.Min(size, log.Count - from));
    }

    private static string Text(double value) => double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : "";
}
