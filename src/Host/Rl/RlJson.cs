using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Evaluation.PolicyGradient;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Rl;

/// <summary>The JSON object of <c>atlas rl</c>. The figures at the top are atlas's; what was not measured is null.</summary>
internal static class RlJson
{
    public static JsonObject Object(RlSummary summary)
    {
        var figures = summary.Figures;
        var (first, last) = figures.Reward();
        return new JsonObject
        {
            ["steps"] = figures.Steps.Count,
            ["batch"] = summary.State.Batch,
            ["samples_per_step"] = figures.Steps[0].Strategies[0].Rewards.Length,
            ["rollout_speedup_by_live"] = ByLive(figures, RlStacks.Atlas),
            ["rollout_speedup"] = JsonFigure.Of(figures.RolloutSpeedup(RlStacks.Atlas)),
            ["rollout_speedup_priced"] = JsonFigure.Of(Priced(figures, RlStacks.Atlas)),
            ["end_to_end_speedup"] = JsonFigure.Of(figures.EndToEndSpeedup(RlStacks.Atlas)),
            ["amdahl_limit"] = JsonFigure.Of(figures.AmdahlLimit),
            ["rewards_identical"] = figures.RewardsIdentical,
            ["acceptance_rate_by_step"] = BySpeculating(figures, figures.AcceptanceRates),
            ["acceptance_length_by_step"] = BySpeculating(figures, figures.AcceptanceLengths),
            ["late_over_early_acceptance_rate"] = new JsonObject(
                figures.Names.Skip(1).Select(name => KeyValuePair.Create(name, JsonFigure.Of(figures.LateOverEarlyRate(name))))),
            ["reward"] = new JsonObject { ["first_tenth"] = JsonFigure.Of(first), ["last_tenth"] = JsonFigure.Of(last) },
            ["reward_by_step"] = Array(figures.Steps.Select(step => step.Reward)),
            ["strategies"] = new JsonArray([.. figures.Names.Select(name => (JsonNode)Strategy(figures, name))]),
            ["learning_seconds"] = JsonFigure.Of(figures.OtherSeconds),
            ["priced"] = summary.Machine is { } machine && figures.PricedNames.Count > 0
                ? new JsonObject
                {
                    ["simulation"] = true,
                    ["table"] = machine.Name,
                    ["source"] = machine.Source,
                    ["steps"] = figures.Steps.Count(step => step.Priced.Count > 0),
                    ["strategies"] = new JsonArray([.. figures.PricedNames.Select(name => (JsonNode)PricedStrategy(figures, name))]),
                }
                : null,
            ["resumed_before_steps"] = new JsonArray([.. summary.State.Resumed.Select(step => (JsonNode)step)]),
            ["device"] = summary.Engine.Device,
            ["threads"] = summary.Engine.Threads,
            ["provenance"] = summary.Provenance.ToJson(),
        };
    }

    private static JsonObject Strategy(PolicyFigures figures, string name)
    {
        var totals = figures.Totals(name);
        return new JsonObject
        {
            ["name"] = name,
            ["rollout_seconds"] = JsonFigure.Of(totals.Seconds),
            ["rollout_speedup"] = JsonFigure.Of(figures.RolloutSpeedup(name)),
            ["rollout_speedup_by_live"] = ByLive(figures, name),
            ["end_to_end_speedup"] = JsonFigure.Of(figures.EndToEndSpeedup(name)),
            ["tokens"] = totals.Tokens,
            ["acceptance_length"] = JsonFigure.Of(totals.AcceptanceLength),
            ["acceptance_rate"] = totals.Drafted == 0 ? null : JsonFigure.Of(totals.AcceptanceRate),
            ["speculator_learning_share"] = JsonFigure.Of(figures.LearningShare(name)),
            ["drafted_per_sequence_by_live"] = new JsonObject(totals.ByLive.Where(counts => counts.Sequences > 0).Select(counts =>
                KeyValuePair.Create(Key(counts.AtMost), JsonFigure.Of((double)counts.Drafted / counts.Sequences)))),
        };
    }

    private static JsonObject PricedStrategy(PolicyFigures figures, string name)
    {
        var totals = figures.PricedTotals(name);
        return new JsonObject
        {
            ["name"] = name,
            ["simulated_rollout_seconds"] = JsonFigure.Of(totals.Seconds),
            ["rollout_speedup_priced"] = JsonFigure.Of(figures.PricedSpeedup(name)),
            ["acceptance_length"] = JsonFigure.Of(totals.AcceptanceLength),
        };
    }

    private static double? Priced(PolicyFigures figures, string name) => figures.PricedNames.Contains(name) ? figures.PricedSpeedup(name) : null;

    private static JsonObject ByLive(PolicyFigures figures, string name) =>
        new(figures.SpeedupByLive(name).Select(one => KeyValuePair.Create(Key(one.AtMost), JsonFigure.Of(one.Ratio))));

    private static JsonObject BySpeculating(PolicyFigures figures, Func<string, IReadOnlyList<double>> values) =>
        new(figures.Names.Skip(1).Select(name => KeyValuePair.Create(name, (JsonNode?)Array(values(name)))));

    private static JsonArray Array(IEnumerable<double> values) => new([.. values.Select(value => JsonFigure.Of(value))]);

    private static string Key(int atMost) => atMost.ToString(CultureInfo.InvariantCulture);
}
