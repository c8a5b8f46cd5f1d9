using System.Globalization;
using Atlas.Evaluation.Scenarios;
using Spectre.Console;

namespace Atlas.Host.Demo;

/// <summary>The demonstration's table: by phase and strategy, and the figures below it.</summary>
internal static class DemoTable
{
    /// <summary>The phases as far as they have been served.</summary>
    public static Table Phases(ScenarioLog log)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string column in (string[])["phase", "strategy", "tokens/s", "speedup", "adapted\nspeedup", "acceptance\nlength", "acceptance\nrate"])
            table.AddColumn(column, c => c.Alignment(column is "phase" or "strategy" ? Justify.Left : Justify.Right).NoWrap());
        for (int phase = 0; phase < log.Scenario.Phases.Count; phase++)
        {
            int at = phase;
            if (log.Of(log.Strategies[0], phase).Count == 0) break;
            AddRows(table, Name(log.Scenario, phase), log, name => log.Totals(name, at), name => ServedTotals.Of(log.Tail(name, at)));
        }
        AddRows(table, "all", log, log.Totals, log.AdaptedTotals);
        return table;
    }

    /// <summary>A phase as people read it.</summary>
    public static string Name(DemoScenario scenario, int phase) =>
        $"{phase + 1} {scenario.Phases[phase].Domain}" + scenario.Phases[phase].SeenByDraft switch { true => " (draft knows)", false => " (unseen)", null => "" };

    /// <summary>The figures of the whole run.</summary>
    public static void WriteFigures(DemoSummary summary)
    {
        var (figures, extras) = (summary.Figures, summary.Extras);
        Line($"atlas over plain, adapted tails of the shifted phases   {figures.AdaptedSpeedup(DemoStacks.Atlas):F2}");
        Line($"static over plain, the same                             {figures.AdaptedSpeedup(Speculation.StrategyNames.Static):F2}");
        Line($"atlas over the best single speculator                   {figures.OverBest(DemoStacks.Atlas, summary.Stacks.Singles):F3} ({summary.BestSingle}); worst phase {figures.WorstOverBest(DemoStacks.Atlas, summary.Stacks.Singles):F3}");
        Line($"requests after a shift until atlas beats static         {figures.RequestsToBeat(DemoStacks.Atlas, Speculation.StrategyNames.Static)}; until 90 % of its plateau {figures.RequestsToPlateau(DemoStacks.Atlas)}");
        Line($"acceptance length on the first domain, back over before {figures.ReturnedOverBefore(DemoStacks.Atlas):F3}");
        if (summary.Stacks[DemoStacks.Atlas].Trainers is { Any: true } trainer)
            Line($"versions published {trainer.Published}, rolled back {trainer.RolledBack}; training took {summary.TrainerShare:P1} of the time, {trainer.Dropped} steps dropped");
        if (summary.Stacks[DemoStacks.Atlas].Planner?.Metrics is { } controller)
            Line($"calibration error {controller.CalibrationError:F3} over {controller.CalibrationSamples} draft tokens; {controller.DriftEvents} drift events");
        if (extras is not null) WriteExtras(extras);
        Line($"{summary.Engine.Device}, {summary.Engine.Threads} threads");
        Line($"{Verdict(summary)}");
    }

    private static void WriteExtras(DemoExtras extras)
    {
        foreach (var (batch, ratio) in extras.Batches) Line($"atlas over plain at {batch} requests at once                  {ratio:F2}");
        Line($"atlas over plain on unpredictable traffic               {extras.WorstOverPlain:F3}");
        Line($"goodput without the learned speculator over with it     {extras.Learned.WithoutOverWith:F3} ({string.Join(", ", extras.Learned.Domains)}); its acceptance rate after 200 requests {extras.Learned.AcceptanceRateGain:F2} x");
        foreach (var (part, ratio) in extras.Ablations) Line($"goodput without {part,-11} over the whole                 {ratio:F3}");
        Line($"trainer on over off                                     goodput {extras.Trainer.GoodputRatio:F3}, p99 step {extras.Trainer.P99StepRatio:F2}, {extras.Trainer.Steps} steps");
    }

    private static string Verdict(DemoSummary summary) => summary.Identical
        ? "outputs identical to plain decoding"
        : summary.Comparison.Differences is [var first, ..]
            ? $"{summary.Comparison.Differences.Count} outputs differ from plain decoding; first: {first}"
            : $"{summary.Extras!.Differences} outputs differ from plain decoding";

    private static void AddRows(Table table, string phase, ScenarioLog log, Func<string, ServedTotals> totals, Func<string, ServedTotals> tails)
    {
        var (plain, plainTail) = (totals(log.Strategies[0]), tails(log.Strategies[0]));
        foreach (string name in log.Strategies)
        {
            var (own, tail) = (totals(name), tails(name));
            table.AddRow(
                name == log.Strategies[0] ? phase : "", name, Text(own.Goodput, "F1"), Text(own.Goodput / plain.Goodput, "F2"),
                Text(tail.Goodput / plainTail.Goodput, "F2"), own.Drafted > 0 ? Text(own.AcceptanceLength, "F2") : "",
                own.Drafted > 0 ? Text(own.AcceptanceRate, "F2") : "");
        }
    }

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
