using System.Globalization;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Reports;
using Atlas.Evaluation.Scenarios;

namespace Atlas.Host.Replay;

/// <summary>The page of a replay. Requests in a row share a point where there are many.</summary>
internal static class ReplayPage
{
    private const int MostPoints = 60;
    private const int MostBands = 12;

    // A name has one colour in all charts and pages; atlas's line is the thick one.
    private static readonly string[] Colors =
        [ReplayStrategies.Plain, ReplayStrategies.Static, ReplayStrategies.Suffix, ReplayStrategies.Learned, ReplayStrategies.Atlas, ReplayStrategies.Merged, ReplayStrategies.Oracle, ReplayStrategies.Recall];

    public static HtmlReport Create(ReplaySummary summary)
    {
        var (log, times) = (summary.Log, summary.Manner.Times);
        var page = new HtmlReport($"Atlas: {summary.Manner.Mode} replay of {summary.Source}");
        page.AddText(summary.Conclusion);
        if (summary.Expected is { } expected) page.AddText($"Expected: {expected}");
        page.AddText(summary.Manner.Description + summary.Identical switch
        {
            true => " All strategies emitted the very same tokens.",
            false => " Some completions differ from plain decoding's.",
            null => "",
        });
        page.AddTable(Table(log, times));
        if (summary.Runs.Count > 1)
        {
            page.AddText($"Over {summary.Runs.Count} seeds, of which this page shows the first:");
            page.AddTable(Spreads(summary));
        }
        page.AddHeading("Over the trace");
        var markers = Markers(log);
        page.AddChart(Lines(log, $"Goodput, {times}", "tokens per second", log.Reported, markers, (name, at, count) => log.Range(name, at, count).Goodput));
        page.AddChart(Lines(log, "Acceptance length", "tokens per target forward", log.Reported, markers, (name, at, count) => log.Range(name, at, count).AcceptanceLength));
        page.AddChart(Lines(log, "Draft tokens verified", "per target forward", log.Strategies, markers, (name, at, count) => log.Range(name, at, count).DraftedPerStep));
        if (log.IsPlanned(ReplayStrategies.Atlas)) AddAtlas(page, summary, markers);
        page.AddText(summary.Provenance.ToString());
        return page;
    }

    private static void AddAtlas(HtmlReport page, ReplaySummary summary, IReadOnlyList<Marker> markers)
    {
        var log = summary.Log;
        string[] planned = [.. log.Strategies.Where(log.IsPlanned)];
        page.AddHeading("What atlas did");
        page.AddChart(Shares(log));
        page.AddChart(Lines(log, "Lookahead", "draft tokens deep, mean per step", planned, markers, (name, at, count) => Lookahead(log, name, at, count)));
        if (planned.Any(name => log.StateOf(name, log.Count - 1).Published > 0))
            page.AddChart(Lines(log, "Versions of the learned speculator", "published so far", planned, markers, (name, at, count) => log.StateOf(name, at + count - 1).Published));
        if (summary.HasRegret) page.AddChart(Lines(log, "Time beyond the oracle's so far", "%", [ReplayStrategies.Atlas], markers, Regrets(log)));
        page.AddText(
            "Circles: the controller noticed drift. Triangles upward: a version was published; downward: one was rolled back. The oracle takes for every request "
            + "whichever strategy but atlas was fastest, known afterwards; single requests scatter, and it picks the lucky ones too.");
        if (ForgettingMatrix.Of(log, ReplayStrategies.Atlas) is not { Count: > 0 } cells) return;
        page.AddHeading("Forgetting");
        page.AddText(
            $"Atlas's acceptance length on a domain that came back after {ForgettingMatrix.Absence} or more requests of others, over what it was before: its first "
            + $"{ForgettingMatrix.Window} requests over its last {ForgettingMatrix.Window}. Rows: the domain that was served meanwhile; columns: the one that came back.");
        page.AddTable(Forgetting(cells));
    }

    private static ReportTable Forgetting(IReadOnlyList<ForgettingCell> cells)
    {
        string[] rows = [.. cells.Select(cell => cell.After).Distinct()], columns = [.. cells.Select(cell => cell.Domain).Distinct()];
        return new ReportTable(
            ["after", .. columns],
            [.. rows.Select(row => (IReadOnlyList<string>)
                [row, .. columns.Select(column => cells.FirstOrDefault(cell => cell.After == row && cell.Domain == column) is { } cell ? Text(cell.Ratio) : "")])]);
    }

    // Depths are counted as requests end; forwards by request. Where requests overlap, the two differ a little at a bucket's ends.
    private static double Lookahead(ReplayLog log, string name, int from, int count)
    {
        long before = from == 0 ? 0 : log.StateOf(name, from - 1).Lookahead;
        return (double)(log.StateOf(name, from + count - 1).Lookahead - before) / log.Range(name, from, count).Forwards;
    }

    private static ReportTable Table(ReplayLog log, string times) => new(
        ["strategy", "acceptance length", "acceptance rate", "drafted per step", "us per call", "us per draft token", $"tokens/s, {times}", $"over plain, {times}"],
        [.. log.Reported.Select(name => Row(name, log.Total(name), log.Speedup(name)))]);

    private static ReportTable Spreads(ReplaySummary summary) => new(
        ["strategy", "over plain, least", "median", "most", "acceptance length, least", "median", "most"],
        [.. summary.Log.Reported.Skip(1).Select(name => SpreadRow(
            name, summary.Over(log => log.Speedup(name)), summary.Over(log => log.Total(name).AcceptanceLength))),
            .. (IEnumerable<IReadOnlyList<string>>)(summary.HasRegret ? [RegretRow(summary.Regret)] : [])]);

    private static IReadOnlyList<string> RegretRow(Spread regret) => ["regret of atlas", Text(regret.Low), Text(regret.Median), Text(regret.High), "", "", ""];

    private static IReadOnlyList<string> SpreadRow(string name, Spread speedup, Spread length) =>
        [name, Text(speedup.Low), Text(speedup.Median), Text(speedup.High), Text(length.Low), Text(length.Median), Text(length.High)];

    private static IReadOnlyList<string> Row(string name, in ReplayTotals totals, double speedup) =>
    [
        name, Text(totals.AcceptanceLength), Text(totals.AcceptanceRate), Text(totals.DraftedPerStep), Text(totals.DraftMicrosecondsPerCall),
        Text(totals.DraftMicrosecondsPerToken), Text(totals.Goodput), Text(speedup),
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
            Color = ColorOf(name),
        })],
        };

    private static ChartPoint Point(string name, int from, int count, double value) => new(
        from + (count + 1) / 2.0, value,
        string.Create(CultureInfo.InvariantCulture, $"{name}, request {(count == 1 ? $"{from + 1}" : $"{from + 1} to {from + count}")}: {value:F2}"));

    private static int? ColorOf(string name) => Array.IndexOf(Colors, name) is var index and >= 0 ? index : null;

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
                name, [.. Buckets(log).Select(b => Point(name, b.From, b.Count, 100 * Share(log, i, b.From, b.Count)))]) { Color = ColorOf(name) })],
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
        if (!log.IsPlanned(ReplayStrategies.Atlas)) return markers;
        var last = StrategyState.None;
        for (int i = 0; i < log.Count; last = log.StateOf(ReplayStrategies.Atlas, i++))
        {
            var state = log.StateOf(ReplayStrategies.Atlas, i);
            if (state.Published > last.Published) markers.Add(new(i + 1, MarkerKind.Published, $"request {i + 1}: version {state.Published} published"));
            if (state.RolledBack > last.RolledBack) markers.Add(new(i + 1, MarkerKind.RolledBack, $"request {i + 1}: a version was rolled back"));
            foreach (string drift in state.Drifts.Skip(last.Drifts.Count)) markers.Add(new(i + 1, MarkerKind.Drift, $"request {i + 1}: first-token acceptance of {drift}"));
        }
        return markers;
    }

    // Stretches of one domain, where there are few enough to be read.
    private static List<ChartBand> Bands(ReplayLog log)
    {
        var bands = new List<ChartBand>();
        for (int from = 0, i = 1; i <= log.Count; i++)
        {
            string name = log.Trace.Requests[from].Domain;
            if (i < log.Count && log.Trace.Requests[i].Domain == name) continue;
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
