using System.Text.Json.Nodes;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Scenarios;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Replay;

/// <summary>The JSON object of a replay. What no token or call was counted for is null.</summary>
internal static class ReplayJson
{
    public static JsonObject Object(ReplaySummary summary)
    {
        var log = summary.Log;
        return new JsonObject
        {
            ["mode"] = summary.Manner.Mode,
            ["source"] = summary.Source,
            ["expected"] = summary.Expected,
            ["arrivals"] = summary.Manner.Arrivals,
            ["requests"] = log.Count,
            ["skipped"] = log.Trace.Skipped,
            ["shortened"] = log.Trace.Shortened,
            ["tokens"] = log.Tokens,
            ["token_kind"] = log.Trace.TokenKind,
            ["vocabulary_size"] = log.Trace.VocabularySize,
            ["latency_table"] = summary.Manner.Latency,
            ["identical"] = summary.Identical,
            ["strategies"] = new JsonArray([.. log.Reported.Select(name => (JsonNode)Strategy(log, name))]),
            ["regret"] = summary.HasRegret ? JsonFigure.Of(log.Regret(ReplayStrategies.Atlas)) : null,
            ["forgetting"] = new JsonArray([.. Forgetting(log)]),
            ["runs"] = new JsonArray([.. summary.Runs.Select(run => (JsonNode)Run(summary, run))]),
            ["spread"] = Spreads(summary),
            ["drift_events"] = new JsonArray([.. LastState(log).Drifts.Select(drift => (JsonNode)drift)]),
            ["conclusion"] = summary.Conclusion,
            ["provenance"] = summary.Provenance.ToJson(),
        };
    }

    /// <summary>Atlas's state when the last request ended; empty where atlas did not run.</summary>
    internal static StrategyState LastState(ReplayLog log) =>
        log.IsPlanned(ReplayStrategies.Atlas) ? log.StateOf(ReplayStrategies.Atlas, log.Count - 1) : StrategyState.None;

    private static JsonObject Run(ReplaySummary summary, ReplayRun run) => new()
    {
        ["source"] = run.Source,
        ["tokens"] = run.Log.Tokens,
        ["regret"] = summary.HasRegret ? JsonFigure.Of(run.Log.Regret(ReplayStrategies.Atlas)) : null,
        ["versions"] = LastState(run.Log).Published,
        ["drift_events"] = LastState(run.Log).Drifts.Count,
        ["strategies"] = new JsonArray([.. run.Log.Reported.Select(name => (JsonNode)new JsonObject
        {
            ["name"] = name,
            ["acceptance_length"] = JsonFigure.Of(run.Log.Total(name).AcceptanceLength),
            ["speedup"] = JsonFigure.Of(run.Log.Speedup(name)),
        })]),
    };

    private static JsonObject Spreads(ReplaySummary summary) => new()
    {
        ["regret"] = summary.HasRegret ? Of(summary.Regret) : null,
        ["strategies"] = new JsonArray([.. summary.Log.Reported.Select(name => (JsonNode)new JsonObject
        {
            ["name"] = name,
            ["acceptance_length"] = Of(summary.Over(log => log.Total(name).AcceptanceLength)),
            ["speedup"] = Of(summary.Over(log => log.Speedup(name))),
        })]),
    };

    private static JsonObject Of(Spread spread) => new()
    {
        ["low"] = JsonFigure.Of(spread.Low),
        ["median"] = JsonFigure.Of(spread.Median),
        ["high"] = JsonFigure.Of(spread.High),
    };

    private static JsonObject Strategy(ReplayLog log, string name)
    {
        string plain = log.Strategies[0];
        var entry = Figures(log.Total(name), log.Total(plain));
        entry.Insert(0, "name", name);
        if (log.IsPlanned(name))
        {
            var state = log.StateOf(name, log.Count - 1);
            (entry["versions"], entry["rolled_back"]) = (state.Published, state.RolledBack);
            entry["lookahead"] = JsonFigure.Of((double)state.Lookahead / log.Total(name).Forwards);
            entry["credits"] = new JsonArray([.. state.Credits.Select(credit => (JsonNode)new JsonObject
            {
                ["name"] = credit.Name,
                ["drafted"] = credit.Drafted,
                ["accepted"] = credit.Accepted,
            })]);
        }
        var (own, reference) = (log.ByNamespace(name), log.ByNamespace(plain));
        entry["by_namespace"] = new JsonArray([.. own.Select((one, i) => Named("namespace", one.Namespace, Figures(one.Totals, reference[i].Totals)))]);
        entry["by_tenth"] = new JsonArray([.. Enumerable.Range(0, ReplayLog.Tenths).Select(tenth =>
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
        ["goodput_tokens_per_s"] = JsonFigure.Of(totals.Goodput),
        ["speedup"] = JsonFigure.Of(totals.Goodput / plain.Goodput),
        ["latency_s"] = JsonFigure.Of(totals.MeanLatency),
        ["replayed_tokens_per_s"] = JsonFigure.Of(totals.ReplayedPerSecond),
    };

    private static IEnumerable<JsonNode> Forgetting(ReplayLog log) => !log.Strategies.Contains(ReplayStrategies.Atlas)
        ? []
        : ForgettingMatrix.Of(log, ReplayStrategies.Atlas).Select(cell => (JsonNode)new JsonObject
        {
            ["domain"] = cell.Domain,
            ["after"] = cell.After,
            ["acceptance_length_before"] = JsonFigure.Of(cell.Before.AcceptanceLength),
            ["acceptance_length_returned"] = JsonFigure.Of(cell.Returned.AcceptanceLength),
            ["ratio"] = JsonFigure.Of(cell.Ratio),
        });
}
