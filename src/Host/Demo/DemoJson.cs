using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Scenarios;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Demo;

/// <summary>The JSON object of <c>atlas demo</c>. What was not measured is null.</summary>
internal static class DemoJson
{
    public static JsonObject Object(DemoSummary summary)
    {
        var (log, figures, extras) = (summary.Log, summary.Figures, summary.Extras);
        var trainer = summary.Stacks[DemoStacks.Atlas].Trainers;
        var controller = summary.Stacks[DemoStacks.Atlas].Planner?.Metrics;
        return new JsonObject
        {
            ["strategies"] = new JsonArray([.. log.Strategies.Select(name => Strategy(summary, name))]),
            ["best_single"] = new JsonObject
            {
                ["name"] = summary.BestSingle,
                ["whole_run"] = JsonFigure.Of(figures.OverBest(DemoStacks.Atlas, summary.Stacks.Singles)),
                ["worst_phase"] = JsonFigure.Of(figures.WorstOverBest(DemoStacks.Atlas, summary.Stacks.Singles)),
            },
            ["recovery_requests"] = new JsonObject
            {
                ["beats_static"] = figures.RequestsToBeat(DemoStacks.Atlas, Speculation.StrategyNames.Static),
                ["plateau"] = figures.RequestsToPlateau(DemoStacks.Atlas),
            },
            ["forgetting"] = new JsonObject { ["returned_over_before"] = JsonFigure.Of(figures.ReturnedOverBefore(DemoStacks.Atlas)) },
            ["guard"] = new JsonObject { ["worst_over_plain"] = JsonFigure.Of(extras?.WorstOverPlain) },
            ["batch"] = extras is null ? null : Ratios(extras.Batches.Select(b => (b.Batch.ToString(CultureInfo.InvariantCulture), b.Ratio))),
            ["ablations"] = extras is null ? null : Ratios(extras.Ablations),
            ["learned"] = new JsonObject
            {
                ["domains"] = extras is null ? null : new JsonArray([.. extras.Learned.Domains.Select(domain => (JsonNode)domain)]),
                ["goodput_without_over_with"] = JsonFigure.Of(extras?.Learned.WithoutOverWith),
                ["acceptance_rate_gain_200"] = JsonFigure.Of(extras?.Learned.AcceptanceRateGain),
            },
            ["trainer"] = new JsonObject
            {
                ["versions"] = trainer.Published,
                ["rolled_back"] = trainer.RolledBack,
                ["cpu_share"] = JsonFigure.Of(summary.TrainerShare),
                ["dropped"] = trainer.Dropped,
                ["steps"] = extras?.Trainer.Steps,
                ["p99_step_ratio"] = JsonFigure.Of(extras?.Trainer.P99StepRatio),
                ["goodput_ratio"] = JsonFigure.Of(extras?.Trainer.GoodputRatio),
            },
            ["calibration_error"] = JsonFigure.Of(controller?.CalibrationError),
            ["calibration_samples"] = controller?.CalibrationSamples ?? 0,
            ["drift_events"] = controller?.DriftEvents ?? 0,
            ["identical"] = summary.Identical,
        };
    }

    private static JsonObject Strategy(DemoSummary summary, string name)
    {
        var log = summary.Log;
        string plain = log.Strategies[0];
        var entry = Figures(log.Totals(name), log.Totals(plain));
        entry.Insert(0, "name", name);
        entry["adapted_speedup"] = JsonFigure.Of(summary.Figures.AdaptedSpeedup(name));
        var score = summary.Comparison.Total(name);
        entry["right_answers"] = JsonFigure.Of(score.Accuracy);
        entry["ended_by_themselves"] = JsonFigure.Of(score.EndedByThemselves);
        entry["phases"] = new JsonArray([.. Enumerable.Range(0, log.Scenario.Phases.Count).Select(phase =>
        {
            var figures = Figures(log.Totals(name, phase), log.Totals(plain, phase));
            figures.Insert(0, "domain", log.Scenario.Phases[phase].Domain);
            figures.Insert(1, "seen_by_draft", log.Scenario.Phases[phase].SeenByDraft);
            figures.Insert(2, "shifted", log.Scenario.Phases[phase].Shifted);
            figures["tail"] = Figures(ServedTotals.Of(log.Tail(name, phase)), ServedTotals.Of(log.Tail(plain, phase)));
            return (JsonNode)figures;
        })]);
        return entry;
    }

    private static JsonObject Figures(ServedTotals totals, ServedTotals plain) => new()
    {
        ["requests"] = totals.Requests,
        ["tokens"] = totals.Emitted,
        ["goodput_tokens_per_s"] = JsonFigure.Of(totals.Goodput),
        ["speedup"] = JsonFigure.Of(totals.Goodput / plain.Goodput),
        ["end_to_end_tokens_per_s"] = JsonFigure.Of(totals.EndToEnd),
        ["end_to_end_speedup"] = JsonFigure.Of(totals.EndToEnd / plain.EndToEnd),
        ["acceptance_length"] = JsonFigure.Of(totals.AcceptanceLength),
        ["acceptance_rate"] = totals.Drafted == 0 ? 0 : JsonFigure.Of(totals.AcceptanceRate),
    };

    private static JsonObject Ratios(IEnumerable<(string Name, double Ratio)> all)
    {
        var ratios = new JsonObject();
        foreach (var (name, ratio) in all) ratios[name] = JsonFigure.Of(ratio);
        return ratios;
    }
}
