using System.Text.Json;
using System.Xml.Linq;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Replay;

/// <summary><c>atlas replay</c> as a process: sources, figures, page, refusals.</summary>
public sealed class ReplayTests
{
    private static readonly string[] Figures =
        ["tokens", "acceptance_length", "acceptance_rate", "drafted_per_step", "draft_us_per_call", "draft_us_per_token"];

    [Fact]
    public void A_trace_of_token_ids_is_replayed_with_all_strategies()
    {
        using var scratch = new Scratch();
        var result = AtlasProgram.Run("replay", "--recorded", Trace(scratch), "--report", scratch.At("page.html"), "--plots", scratch.At("plots"), "--json");
        var json = result.Json;
        Assert.Equal(["plain", "suffix", "learned", "merged", "atlas", "oracle"], json.GetProperty("strategies").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        foreach (var strategy in json.GetProperty("strategies").EnumerateArray())
        {
            Assert.Equal(24 * 20, strategy.GetProperty("tokens").GetInt64());
            Assert.Equal(10, strategy.GetProperty("by_tenth").GetArrayLength());
            Assert.Equal(["a", "b"], strategy.GetProperty("by_namespace").EnumerateArray().Select(one => one.GetProperty("namespace").GetString()));
            foreach (var part in (JsonElement[])[strategy, .. strategy.GetProperty("by_namespace").EnumerateArray(), .. strategy.GetProperty("by_tenth").EnumerateArray()])
                foreach (string figure in Figures)
                    Assert.True(part.TryGetProperty(figure, out _), figure);
        }
        var suffix = json.GetProperty("strategies")[1];
        Assert.True(suffix.GetProperty("acceptance_length").GetDouble() > 2);
        Assert.True(suffix.GetProperty("draft_us_per_call").GetDouble() > 0);
        Assert.Equal("token ids of the trace", json.GetProperty("token_kind").GetString());
        Assert.Contains("token ids of the trace", result.Output, StringComparison.Ordinal);
        Assert.Contains(json.GetProperty("conclusion").GetString()!, result.Output, StringComparison.Ordinal);
        var page = XDocument.Load(scratch.At("page.html"));
        int charts = page.Descendants().Count(e => e.Name.LocalName == "svg");
        Assert.True(charts >= 6);
        Assert.Equal(charts, System.IO.Directory.GetFiles(scratch.At("plots"), "trace-*.svg").Length);
        Assert.True(File.Exists(scratch.At("plots", "trace-acceptance-length.svg")));
        using var figures = JsonDocument.Parse(File.ReadAllText(scratch.At("page.figures.json")));
        Assert.True(JsonElement.DeepEquals(json, figures.RootElement));
        Assert.Equal("recorded", json.GetProperty("mode").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("identical").ValueKind);
        Assert.Contains("--recorded", json.GetProperty("provenance").GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()));
    }

    [Fact]
    public void A_written_scenario_replays_like_the_scenario()
    {
        using var scratch = new Scratch();
        string scenario = scratch.Write("s.json", """
            { "name": "s", "expected": "seen", "seeds": [4, 5], "arrivals": "even", "phases": [ { "requests": 6, "domains": { "short-tools": 1 } } ] }
            """);
        AtlasProgram.Run("replay", "--scenario", scenario, "--write", scratch.At("t.jsonl")).Done();
        Assert.Equal(6, File.ReadLines(scratch.At("t.jsonl")).Count());
        var direct = AtlasProgram.Run("replay", "--scenario", scenario, "--recorded", "--strategies", "suffix", "--json").Json;
        var written = AtlasProgram.Run("replay", "--recorded", scratch.At("t.jsonl"), "--strategies", "suffix", "--json").Json;
        foreach (string figure in (string[])["tokens", "acceptance_length", "acceptance_rate", "drafted_per_step"])
            Assert.Equal(direct.GetProperty("strategies")[1].GetProperty(figure).GetDouble(), written.GetProperty("strategies")[1].GetProperty(figure).GetDouble());
        Assert.Equal("bytes", direct.GetProperty("token_kind").GetString());
        Assert.Equal(["s, seed 4", "s, seed 5"], direct.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("source").GetString()));
        Assert.Equal(1, AtlasProgram.Run("replay", "--scenario", scenario, "--seed", "9", "--recorded", "--strategies", "suffix", "--json").Json.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public void Text_is_imported_in_words()
    {
        using var scratch = new Scratch();
        string text = scratch.Write("notes.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"the line number {i % 7} says the same again\n")));
        var json = AtlasProgram.Run("replay", "--import", "text", text, "--recorded", "--tokens", "words", "--strategies", "learned", "--latency", "1:1,8:2", "--json").Json;
        Assert.Equal("words", json.GetProperty("token_kind").GetString());
        Assert.Equal("1:1,8:2", json.GetProperty("latency_table").GetString());
        Assert.True(json.GetProperty("strategies")[1].GetProperty("speedup").GetDouble() > 1);
    }

    [Fact]
    public void Bad_usage_and_bad_input_are_refused()
    {
        using var scratch = new Scratch();
        string trace = Trace(scratch);
        AtlasProgram.Run("replay").Refused("a trace", "--import", "--scenario");
        AtlasProgram.Run("replay", "--recorded", trace, "--scenario", trace).Refused("one source");
        AtlasProgram.Run("replay", "--recorded", trace, "--latency", "1:1").Refused("--latency", "two or more");
        AtlasProgram.Run("replay", "--recorded", trace, "--seed", "1").Refused("--seed");
        AtlasProgram.Run("replay", "--recorded", trace, "--strategies", "best").Refused("best");
        AtlasProgram.Run("replay", "--recorded", trace, "--strategies", "static").Refused("static", "--recorded");
        AtlasProgram.Run("replay", "--recorded", trace, "--arrivals", "real").Refused("--arrivals", "--recorded");
        AtlasProgram.Run("replay", "--recorded", trace, "--part", "0.5").Refused("--part", "--scenario");
        AtlasProgram.Run("replay", "--import", "text").Refused("--import");
        AtlasProgram.Run("replay", "--recorded", scratch.At("none.jsonl")).Refused("none.jsonl");
        AtlasProgram.Run("replay", "--recorded", scratch.Write("bad.jsonl", "{\"arrival_s\": 0, \"prompt\": 3}\n")).Refused("bad.jsonl:1:prompt");
        AtlasProgram.Run("replay", "--import", "sharegpt", scratch.Write("bad.json", "[5]"), "--write", scratch.At("out.jsonl")).Refused("bad.json:1");
        Assert.False(File.Exists(scratch.At("out.jsonl")));
    }

    private static string Trace(Scratch scratch) => scratch.Write("trace.jsonl", string.Concat(Enumerable.Range(0, 24).Select(i =>
        $$"""{"arrival_s": {{i}}, "namespace": "{{(i % 2 == 0 ? "a" : "b")}}", "prompt_tokens": [{{i % 4}}, 9], "completion_tokens": [{{string.Join(", ", Enumerable.Range(0, 20).Select(t => 1000 + (t * (i % 4 + 3)) % 50))}}]}""" + "\n")));
}
