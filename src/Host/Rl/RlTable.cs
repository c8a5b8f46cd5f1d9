using System.Globalization;
using Atlas.Evaluation.PolicyGradient;
using Spectre.Console;

namespace Atlas.Host.Rl;

/// <summary>The run's table, and the figures below it.</summary>
internal static class RlTable
{
    public static void Write(RlSummary summary)
    {
        var figures = summary.Figures;
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string column in (string[])["rollouts by", "seconds", "over plain", "end to end", "acceptance\nlength", "acceptance\nrate", "late over\nearly rate"])
            table.AddColumn(column, c => c.Alignment(column == "rollouts by" ? Justify.Left : Justify.Right).NoWrap());
        foreach (string name in figures.Names)
        {
            var totals = figures.Totals(name);
            table.AddRow(
                name, Text(totals.Seconds, "F1"), Text(figures.RolloutSpeedup(name), "F2"), Text(figures.EndToEndSpeedup(name), "F2"),
                Text(totals.AcceptanceLength, "F2"), totals.Drafted > 0 ? Text(totals.AcceptanceRate, "F2") : "", Text(figures.LateOverEarlyRate(name), "F2"));
        }
        AnsiConsole.Write(table);
        foreach (string line in Lines(summary)) Console.WriteLine(line);
    }

    /// <summary>What the figures say, a line each; the page has them too.</summary>
    public static IEnumerable<string> Lines(RlSummary summary)
    {
        var figures = summary.Figures;
        var (first, last) = figures.Reward();
        yield return Line($"{figures.Steps.Count} steps of {figures.Steps[0].Strategies[0].Rewards.Length} samples, {summary.State.Batch} at once (best for plain decoding of those tried)");
        yield return Line($"mean reward {first:F3} in the first tenth of the run, {last:F3} in the last");
        yield return figures.RewardsIdentical
            ? "rewards, tokens and log-probabilities are identical to the bit, whoever drew the samples"
            : "some samples DIFFER from plain decoding's";
        yield return Line($"goodput of atlas over plain by live samples: {string.Join(", ", figures.SpeedupByLive(RlStacks.Atlas).Select(one => Line($"up to {one.AtMost}: {one.Ratio:F2}")))}");
        yield return Line($"end to end {figures.EndToEndSpeedup(RlStacks.Atlas):F2}; the limit with rollouts that take no time is {figures.AmdahlLimit:F2} (learning takes {figures.OtherSeconds:F1} s)");
        yield return Line($"the learned speculator's training took {figures.LearningShare(RlStacks.Atlas):P1} of atlas's rollout time");
        if (summary.Machine is { } machine && figures.PricedNames.Count > 0)
            yield return Line($"SIMULATION, priced by the table '{machine.Name}': {string.Join(", ", figures.PricedNames.Skip(1).Select(name => Line($"{name} {figures.PricedSpeedup(name):F2}")))} over plain at its best batch size");
        if (summary.State.Resumed.Count > 0)
            yield return $"resumed before step {string.Join(", ", summary.State.Resumed)}: suffix stores and controllers began anew there";
        yield return Line($"{summary.Engine.Device}, {summary.Engine.Threads} threads");
    }

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
