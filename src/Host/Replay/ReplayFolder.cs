using System.Globalization;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Reports;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Replay;

/// <summary>A folder of results: a page and its figures as JSON for every report, and over them <c>index.html</c> and <c>summary.json</c>.</summary>
internal static class ReplayFolder
{
    /// <summary>Writes one report's files; what was there of that name is replaced.</summary>
    public static void Add(string directory, ReplaySummary summary)
    {
        Directory.CreateDirectory(directory);
        Save(Path.Combine(directory, summary.Name + ".html"), summary);
    }

    /// <summary>Writes one page, and its figures as JSON beside it.</summary>
    public static void Save(string page, ReplaySummary summary)
    {
        ReplayPage.Create(summary).Save(page);
        JsonFile.SaveFiguresOf(page, ReplayJson.Object(summary));
    }

    /// <summary>Writes one page's charts as images, named after the report and their titles.</summary>
    public static void SavePlots(string directory, ReplaySummary summary) => ChartImages.Save(directory, summary.Name + "-", ReplayPage.Create(summary).Charts);

    /// <summary>Writes the overview.</summary>
    public static void Finish(string directory, IReadOnlyList<ReplaySummary> all)
    {
        JsonFile.Save(Path.Combine(directory, "summary.json"), Object(all));
        Page(all).Save(Path.Combine(directory, "index.html"));
    }

    /// <summary>What the overview says, as JSON.</summary>
    public static JsonObject Object(IReadOnlyList<ReplaySummary> all) => new()
    {
        ["scenarios"] = new JsonArray([.. all.Select(summary => (JsonNode)new JsonObject
        {
            ["name"] = summary.Name,
            ["mode"] = summary.Manner.Mode,
            ["runs"] = summary.Runs.Count,
            ["identical"] = summary.Identical,
            ["regret"] = summary.HasRegret ? JsonFigure.Of(summary.Regret.Median) : null,
            ["regret_high"] = summary.HasRegret ? JsonFigure.Of(summary.Regret.High) : null,
            ["strategies"] = new JsonArray([.. summary.Log.Reported.Select(name => (JsonNode)new JsonObject
            {
                ["name"] = name,
                ["acceptance_length"] = JsonFigure.Of(summary.Over(log => log.Total(name).AcceptanceLength).Median),
                ["speedup"] = JsonFigure.Of(summary.Over(log => log.Speedup(name)).Median),
            })]),
            ["expected"] = summary.Expected,
            ["conclusion"] = summary.Conclusion,
        })]),
        ["provenance"] = all[^1].Provenance.ToJson(),
    };

    private static HtmlReport Page(IReadOnlyList<ReplaySummary> all)
    {
        string[] names = [.. all.SelectMany(summary => summary.Log.Reported).Distinct().Where(name => name != ReplayStrategies.Plain)];
        var page = new HtmlReport($"Atlas: {all[0].Manner.Mode} replay of {all.Count} scenarios");
        page.AddText(all[0].Manner.Description);
        page.AddText($"Goodput over plain decoding's, {all[0].Manner.Times}; medians over the seeds. Each scenario has a page of its own beside this one.");
        page.AddTable(new ReportTable(
            ["scenario", "runs", .. names, "regret of atlas", "most"],
            [.. all.Select(summary => (IReadOnlyList<string>)
            [
                summary.Name, summary.Runs.Count.ToString(CultureInfo.InvariantCulture),
                .. names.Select(name => summary.Log.Reported.Contains(name) ? Text(summary.Over(log => log.Speedup(name)).Median) : ""),
                summary.HasRegret ? Text(summary.Regret.Median) : "", summary.HasRegret ? Text(summary.Regret.High) : "",
            ])]));
        foreach (var summary in all)
        {
            page.AddHeading(summary.Name);
            if (summary.Expected is { } expected) page.AddText($"Expected: {expected}");
            page.AddText(summary.Conclusion);
        }
        page.AddText(all[^1].Provenance.ToString());
        return page;
    }

    private static string Text(double value) => double.IsFinite(value) ? value.ToString("F3", CultureInfo.InvariantCulture) : "";
}
