using System.Globalization;
using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Reports;

namespace Atlas.Host.Rl;

/// <summary>The run's page: rewards, rollout time by live samples, acceptance over the steps, learning, and what a simulated machine would take.</summary>
internal static class RlPage
{
    // Points of a line; further steps are drawn together.
    private const int MostPoints = 120;

    // Demonstration and replay give plain, static, suffix and atlas these colours.
    private static readonly Dictionary<string, int> Colors = new() { [RlStacks.Plain] = 0, ["static"] = 1, ["suffix"] = 2, [RlStacks.Atlas] = 4 };

    public static HtmlReport Create(RlSummary summary)
    {
        var figures = summary.Figures;
        var page = new HtmlReport("Atlas: policy-gradient rollouts");
        foreach (string line in RlTable.Lines(summary)) page.AddText(line);
        page.AddTable(Table(figures));
        page.AddHeading("Reward");
        page.AddChart(Chart("Mean reward", "0 to 1", figures.Names.Select(name => Line(name, figures, step => Of(step, name).Rewards.Average()))));
        page.AddText(
            "Every strategy's own samples are scored. " + (figures.RewardsIdentical ? "The curves are identical to the bit and lie upon each other." : "The curves DIFFER."));
        string[] domains = [.. figures.Steps.SelectMany(step => step.Domains).Distinct()];
        if (domains.Length > 1)
            page.AddChart(Chart("Mean reward by task", "0 to 1", domains.Select((domain, i) => Line(domain, figures, step => step.RewardOf(domain)) with { Color = i + 1 })));
        page.AddHeading("Rollouts");
        page.AddTable(LiveTable(figures));
        page.AddText("Goodput over plain decoding's in the steps with so many samples left, and draft tokens verified for each sample in such a step.");
        page.AddChart(Chart("Rollout time", "seconds per step", figures.Names.Select(name => Line(name, figures, step => Of(step, name).Totals.Seconds))));
        page.AddChart(Chart("Acceptance length", "tokens per target forward", figures.Names.Select(name => Line(name, figures, step => Of(step, name).Totals.AcceptanceLength))));
        page.AddChart(Chart("Acceptance rate", "accepted over drafted", figures.Names.Skip(1).Select(name =>
            Line(name, figures, step => Of(step, name).Totals is { Drafted: > 0 } totals ? totals.AcceptanceRate : double.NaN))));
        page.AddHeading("Learning");
        if (figures.Steps.Any(step => step.Update.Divergence is not null))
            page.AddChart(Chart("Divergence from the start policy", "nats per token", [Line("policy", figures, step => step.Update.Divergence ?? double.NaN)]));
        page.AddChart(Chart("Time of a step", "seconds",
        [
            Line("plain rollouts", figures, step => Of(step, RlStacks.Plain).Totals.Seconds) with { Color = 0 },
            Line("atlas rollouts", figures, step => Of(step, RlStacks.Atlas).Totals.Seconds) with { Color = 4 },
            Line("learning", figures, step => step.LearningSeconds + step.ReplaceSeconds) with { Color = 5 },
        ]));
        if (summary.Machine is { } machine && figures.PricedNames.Count > 0)
        {
            page.AddHeading($"Simulation: priced by the table '{machine.Name}'");
            page.AddText($"No figure of this section was measured on such a machine. The table's source: {machine.Source}");
            page.AddTable(PricedTable(figures));
        }
        page.AddText(summary.Provenance.ToString());
        return page;
    }

    private static ReportTable Table(PolicyFigures figures) => new(
        ["rollouts by", "seconds", "over plain", "end to end over plain", "acceptance length", "acceptance rate", "late over early rate", "learning, % of rollouts"],
        [.. figures.Names.Select(name => (IReadOnlyList<string>)
        [
            name, Text(figures.Totals(name).Seconds, "F1"), Text(figures.RolloutSpeedup(name), "F2"), Text(figures.EndToEndSpeedup(name), "F2"),
            Text(figures.Totals(name).AcceptanceLength, "F2"), figures.Totals(name).Drafted > 0 ? Text(figures.Totals(name).AcceptanceRate, "F2") : "",
            Text(figures.LateOverEarlyRate(name), "F2"), Text(100 * figures.LearningShare(name), "F1"),
        ])]);

    private static ReportTable LiveTable(PolicyFigures figures)
    {
        string[] names = [.. figures.Names.Skip(1)];
        int[] bounds = [.. figures.Names.SelectMany(name => figures.Totals(name).ByLive).Select(counts => counts.AtMost).Distinct().Order()];
        var ratios = names.ToDictionary(name => name, name => figures.SpeedupByLive(name).ToDictionary(one => one.AtMost, one => one.Ratio));
        var drafted = names.ToDictionary(name => name, name => figures.Totals(name).ByLive.ToDictionary(c => c.AtMost, c => (double)c.Drafted / c.Sequences));
        return new ReportTable(
            ["samples left", .. names, .. names.Select(name => $"drafted by {name}")],
            [.. bounds.Select(bound => (IReadOnlyList<string>)
            [
                bound == 2 ? "1 to 2" : $"{bound / 2 + 1} to {bound}",
                .. names.Select(name => Text(ratios[name].GetValueOrDefault(bound, double.NaN), "F2")),
                .. names.Select(name => Text(drafted[name].GetValueOrDefault(bound, double.NaN), "F2")),
            ])]);
    }

    private static ReportTable PricedTable(PolicyFigures figures) => new(
        ["rollouts by", "simulated seconds", "over plain, simulated", "acceptance length"],
        [.. figures.PricedNames.Select(name => (IReadOnlyList<string>)
        [
            name, Text(figures.PricedTotals(name).Seconds, "F2"), Text(figures.PricedSpeedup(name), "F2"), Text(figures.PricedTotals(name).AcceptanceLength, "F2"),
        ])]);

    private static LineChart Chart(string title, string unit, IEnumerable<ChartSeries> series) =>
        new() { Title = title, XLabel = "step", YLabel = unit, Series = [.. series] };

    private static ChartSeries Line(string name, PolicyFigures figures, Func<PolicyStep, double> value)
    {
        int together = (figures.Steps.Count + MostPoints - 1) / MostPoints;
        var points = figures.Steps.Chunk(together).Select(steps => new ChartPoint(
            steps[^1].Step + 1, steps.Select(value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average()));
        return new ChartSeries(name, [.. points]) { Color = Colors.TryGetValue(name, out int color) ? color : null };
    }

    private static StrategyStep Of(PolicyStep step, string name) => step.Strategies.First(s => s.Name == name);

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";
}
