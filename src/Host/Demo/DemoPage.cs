using System.Globalization;
using Atlas.Evaluation.Reports;
using Atlas.Evaluation.Scenarios;

namespace Atlas.Host.Demo;

/// <summary>The demonstration's page: goodput and acceptance length over the requests, who drafted, how far, and what was learned when.</summary>
internal static class DemoPage
{
    private const int Window = 5;

    public static HtmlReport Create(DemoSummary summary)
    {
        var log = summary.Log;
        var page = new HtmlReport("Atlas: speculation under shifting traffic");
        page.AddText(
            $"Every strategy served the same {log.Totals(log.Strategies[0]).Requests} requests in turns on {summary.Engine.Device}, {summary.Engine.Threads} threads; " +
            (summary.Identical ? "all emitted the very same tokens." : "some outputs differ from plain decoding's."));
        page.AddTable(Table(summary));
        page.AddHeading("Over the requests");
        var markers = Markers(log, DemoStacks.Atlas);
        page.AddChart(Lines(log, "Goodput", "tokens per second", log.Strategies, markers, (name, at) => Over(log, name, at).Goodput));
        page.AddChart(Lines(log, "Acceptance length", "tokens per target forward", log.Strategies, markers, (name, at) => Over(log, name, at).AcceptanceLength));
        page.AddText("Each point is over the last five requests. Triangles upward: atlas published a version; downward: rolled one back; circles: drift was noticed.");
        page.AddHeading("What atlas did");
        if (log.Of(DemoStacks.Atlas) is [{ State.Credits.Count: > 0 }, ..]) page.AddChart(Shares(log));
        string[] planned = [.. log.Strategies.Where(name => log.Of(name) is [{ State.Credits.Count: > 0 }, ..])];
        page.AddChart(Lines(log, "Lookahead", "draft tokens deep, mean per step", planned, markers, (name, at) => Lookahead(log, name, at)));
        page.AddChart(Lines(log, "Versions of the learned speculator", "published so far", planned, markers, (name, at) => log.Of(name)[at].State.Published));
        return page;
    }

    private static ReportTable Table(DemoSummary summary)
    {
        var log = summary.Log;
        string plain = log.Strategies[0];
        return new ReportTable(
            ["strategy", "tokens/s", "over plain", "over plain, adapted", "acceptance length", "acceptance rate"],
            [.. log.Strategies.Select(name => (IReadOnlyList<string>)
            [
                name, Text(log.Totals(name).Goodput, "F1"), Text(log.Totals(name).Goodput / log.Totals(plain).Goodput, "F2"),
                Text(summary.Figures.AdaptedSpeedup(name), "F2"), Text(log.Totals(name).AcceptanceLength, "F2"), Text(log.Totals(name).AcceptanceRate, "F2"),
            ])]);
    }

    // Colours go by a strategy's place among all, also where not all are drawn.
    private static LineChart Lines(
        ScenarioLog log, string title, string unit, IReadOnlyList<string> names, IReadOnlyList<Marker> markers, Func<string, int, double> value)
    {
        ChartPoint Point(string name, int at) => new(at + 1, value(name, at), Title(log, name, at, value(name, at)));
        ChartSeries Of(string name) =>
            new(name, [.. Enumerable.Range(0, log.Of(name).Count).Select(at => Point(name, at))]) { Color = log.Strategies.ToList().IndexOf(name) };
        return new LineChart
        {
            Title = title,
            XLabel = "request",
            YLabel = unit,
            Bands = Bands(log),
            Markers = markers,
            Series = [.. log.Strategies.Where(names.Contains).Select(Of)],
        };
    }

    private static StackedArea Shares(ScenarioLog log)
    {
        var served = log.Of(DemoStacks.Atlas);
        string[] names = [.. served[0].State.Credits.Select(credit => credit.Name)];
        var shares = Enumerable.Range(0, served.Count).Select(at => Shares(served, at)).ToList();
        return new StackedArea
        {
            Title = "Who wrote the tokens",
            XLabel = "request",
            YLabel = "share of emitted tokens, %",
            Bands = Bands(log),
            Series = [.. names.Select((name, i) => new ChartSeries(
                name, [.. shares.Select((share, at) => new ChartPoint(at + 1, 100 * share[i], string.Create(CultureInfo.InvariantCulture, $"{name}: {100 * share[i]:F0} %")))])
            {
                Color = log.Strategies.ToList().IndexOf(name),
            })],
        };
    }

    // Accepted tokens over emitted ones of a window, shared out by credit; what is left the target wrote itself.
    private static double[] Shares(IReadOnlyList<ServedRequest> served, int at)
    {
        int before = at - Window;
        var window = ServedTotals.Of(served.Skip(before + 1).Take(at - Math.Max(before, -1)));
        var credits = served[at].State.Credits.Select((credit, i) => credit.Accepted - (before < 0 ? 0 : served[before].State.Credits[i].Accepted)).ToList();
        double sum = credits.Sum();
        return [.. credits.Select(credit => sum == 0 ? 0 : credit / sum * window.Accepted / window.Emitted)];
    }

    private static double Lookahead(ScenarioLog log, string name, int at)
    {
        var served = log.Of(name);
        int before = at - Window;
        var window = ServedTotals.Of(served.Skip(before + 1).Take(at - Math.Max(before, -1)));
        return (double)(served[at].State.Lookahead - (before < 0 ? 0 : served[before].State.Lookahead)) / window.Forwards;
    }

    private static ServedTotals Over(ScenarioLog log, string name, int at) => ServedTotals.Of(log.Of(name).Skip(Math.Max(0, at - Window + 1)).Take(Math.Min(Window, at + 1)));

    private static string Title(ScenarioLog log, string name, int at, double value) => string.Create(
        CultureInfo.InvariantCulture, $"{name}, request {at + 1} ({log.Scenario.Phases[log.Of(name)[at].Phase].Domain}): {value:F2}");

    private static List<ChartBand> Bands(ScenarioLog log)
    {
        var bands = new List<ChartBand>();
        double from = 0.5;
        for (int phase = 0; phase < log.Scenario.Phases.Count; phase++)
        {
            double to = from + log.Of(log.Strategies[0], phase).Count;
            bands.Add(new ChartBand(from, to, DemoTable.Name(log.Scenario, phase)));
            from = to;
        }
        return bands;
    }

    private static List<Marker> Markers(ScenarioLog log, string name)
    {
        var markers = new List<Marker>();
        var last = StrategyState.None;
        var served = log.Of(name);
        for (int at = 0; at < served.Count; last = served[at++].State)
        {
            var state = served[at].State;
            if (state.Published > last.Published) markers.Add(new(at + 1, MarkerKind.Published, $"request {at + 1}: version {state.Published} published"));
            if (state.RolledBack > last.RolledBack) markers.Add(new(at + 1, MarkerKind.RolledBack, $"request {at + 1}: a version was rolled back"));
            foreach (string drift in state.Drifts.Skip(last.Drifts.Count)) markers.Add(new(at + 1, MarkerKind.Drift, $"request {at + 1}: first-token acceptance of {drift}"));
        }
        return markers;
    }

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";
}
