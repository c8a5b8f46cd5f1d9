using System.Text.Json.Nodes;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Replay;

/// <summary>The JSON object of <c>atlas replay</c>. What no token or call was counted for is null.</summary>
internal static class ReplayJson
{
    private const int Tenths = 10;

    public static JsonObject Object(ReplaySummary summary)
    {
        var log = summary.Log;
        return new JsonObject
        {
            ["source"] = summary.Source,
            ["requests"] = log.Trace.Requests.Count,
            ["skipped"] = log.Trace.Skipped,
            ["tokens"] = log.Trace.Tokens,
            ["token_kind"] = log.Trace.TokenKind,
            ["vocabulary_size"] = log.Trace.VocabularySize,
            ["latency_table"] = summary.Latency,
            ["strategies"] = new JsonArray([.. log.Reported.Select(name => (JsonNode)Strategy(log, name))]),
            ["regret"] = summary.HasRegret ? JsonFigure.Of(log.Regret(ReplayStrategies.Atlas)) : null,
            ["runs"] = new JsonArray([.. summary.Runs.Select(run => (JsonNode)Run(summary, run))]),
            ["drift_events"] = Drifts(log),
            ["conclusion"] = ReplayConclusion.Of(log),
        };
    }

    private static JsonObject Run(ReplaySummary summary, ReplayRun run) => new()
    {
        ["source"] = run.Source,
        ["tokens"] = run.Log.Trace.Tokens,
        ["regret"] = summary.HasRegret ? JsonFigure.Of(run.Log.Regret(ReplayStrategies.Atlas)) : null,
        ["strategies"] = new JsonArray([.. run.Log.Reported.Select(name => (JsonNode)new JsonObject
        {
            ["name"] = name,
            ["acceptance_length"] = JsonFigure.Of(run.Log.Total(name).AcceptanceLength),
            ["speedup"] = JsonFigure.Of(run.Log.Speedup(name)),
        })]),
    };

    private static JsonObject Strategy(ReplayLog log, string name)
    {
        string plain = log.Strategies[0];
        var entry = Figures(log.Total(name), log.Total(plain));
        entry.Insert(0, "name", name);
        var (own, reference) = (log.ByNamespace(name), log.ByNamespace(plain));
        entry["by_namespace"] = new JsonArray([.. own.Select((one, i) => Named("namespace", one.Namespace, Figures(one.Totals, reference[i].Totals)))]);
        entry["by_tenth"] = new JsonArray([.. Enumerable.Range(0, Tenths).Select(tenth =>
            Named("tenth", tenth + 1, Figures(log.OfTenth(name, tenth), log.OfTenth(plain, tenth))))]);
        return entry;
    }

    private static JsonObject Named(string key, JsonNode? value, JsonObject figures)
    {
        figures.Insert(0, key, value);
        return figures;
    }

    private static JsonObject Figures(in ReplayTotals totals, in ReplayTotals plain) => new()
    {
        ["requests"] = totals.Requests,
        ["tokens"] = totals.Tokens,
        ["acceptance_length"] = JsonFigure.Of(totals.AcceptanceLength),
        ["acceptance_rate"] = JsonFigure.Of(totals.AcceptanceRate),
        ["drafted_per_step"] = JsonFigure.Of(totals.DraftedPerStep),
        ["draft_us_per_call"] = JsonFigure.Of(totals.DraftMicrosecondsPerCall),
        ["draft_us_per_token"] = JsonFigure.Of(totals.DraftMicrosecondsPerToken),
        ["speedup"] = JsonFigure.Of(totals.Goodput / plain.Goodput),
        ["replayed_tokens_per_s"] = JsonFigure.Of(totals.ReplayedPerSecond),
    };

    private static JsonArray Drifts(ReplayLog log) => log.Strategies.Contains(ReplayStrategies.Atlas)
        ? new JsonArray([.. log.StateOf(ReplayStrategies.Atlas, log.Count - 1).Drifts.Select(drift => (JsonNode)drift)])
        : new JsonArray();
}
