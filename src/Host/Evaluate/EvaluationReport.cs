using System.Text.Json.Nodes;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Scoring;
using Atlas.Host.Models;
using Atlas.Modeling.Engine;
using Spectre.Console;

namespace Atlas.Host.Evaluate;

/// <summary>The table and the JSON object of <c>atlas evaluate</c>.</summary>
internal static class EvaluationReport
{
    public static void WriteTable(ModelCard card, EngineInfo engine)
    {
        WriteTable(card, CardFigure.Completions);
        WriteTable(card, CardFigure.Speculation);
        Console.WriteLine($"{engine.Device}, {engine.Threads} threads");
        if (card.Totals[^1].Static is null) return;
        Console.WriteLine(card.Differences == 0
            ? "outputs identical to plain decoding"
            : $"{card.Differences} outputs differ from plain decoding");
    }

    // Nothing where no row has any of the figures.
    private static void WriteTable(ModelCard card, IReadOnlyList<CardFigure> figures)
    {
        List<CardRow> rows = [.. card.Domains, .. card.Totals];
        figures = [.. figures.Where(figure => rows.Exists(row => figure.Text(row).Length > 0))];
        if (figures.Count == 0) return;
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("domain", c => c.NoWrap());
        table.AddColumn("seen", c => c.NoWrap());
        foreach (var figure in figures) table.AddColumn(figure.Header.Replace(' ', '\n'), c => c.RightAligned().NoWrap());
        foreach (var row in rows)
            table.AddRow([row.Name, ModelCardMarkdown.Seen(row), .. figures.Select(figure => figure.Text(row).Replace(" ", "", StringComparison.Ordinal))]);
        AnsiConsole.Write(table);
    }

    public static void WriteJson(ModelCard card, ModelPair pair, EvaluationPlan plan)
    {
        var domains = new JsonObject();
        foreach (var row in card.Domains) domains[row.Name] = Figures(row);
        Console.WriteLine(new JsonObject
        {
            ["target"] = Model(pair.TargetDirectory, pair.Config.ParameterCount),
            ["draft"] = pair.DraftDirectory is { } directory ? Model(directory, pair.Draft!.Config.ParameterCount) : null,
            ["tasks_per_domain"] = plan.Requests,
            ["timed_per_domain"] = pair.HasDraft ? Math.Min(plan.Timed, plan.Requests) : 0,
            ["max_tokens"] = plan.MaxTokens,
            ["lookahead"] = plan.Lookahead,
            ["seed"] = plan.Seed,
            ["domains"] = domains,
            ["seen"] = Figures(card.Totals.FirstOrDefault(row => row.SeenByDraft == true)),
            ["unseen"] = Figures(card.Totals.FirstOrDefault(row => row.SeenByDraft == false)),
            ["all"] = Figures(card.Totals[^1]),
            ["identical"] = pair.HasDraft ? card.Differences == 0 : null,
        }.ToJsonString());
    }

    private static JsonObject Model(string directory, long parameters)
    {
        var model = new JsonObject { ["directory"] = directory, ["parameters"] = parameters };
        if (TrainingRecord.Read(directory) is not { } record) return model;
        model["domains"] = new JsonArray([.. record.Domains.Select(domain => (JsonNode)domain)]);
        model["training_tokens"] = record.Tokens;
        return model;
    }

    private static JsonObject? Figures(CardRow? row)
    {
        if (row is null) return null;
        var figures = new JsonObject { ["seen_by_draft"] = row.SeenByDraft };
        foreach (var figure in CardFigure.All)
            figures[figure.Key] = figure.Value(row) is var value && double.IsFinite(value) ? Math.Round(value, 4) : null;
        return figures;
    }
}
