using System.Text.Json;
using System.Xml.Linq;
using Atlas.Host.Tests.Running;
using Atlas.Host.Tests.Serve;

namespace Atlas.Host.Tests.Replay;

/// <summary><c>atlas replay</c> with a tiny pair that generates: in its own process, and behind a service.</summary>
public sealed class LiveReplayTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private static readonly string[] Strategies = ["plain", "static", "suffix", "recall", "learned", "merged", "atlas"];

    private static readonly string[] Figures =
        ["tokens", "acceptance_length", "acceptance_rate", "drafted_per_step", "draft_us_per_call", "draft_us_per_token", "goodput_tokens_per_s", "speedup"];

    [Theory]
    [InlineData("back-to-back")]
    [InlineData("scaled:0.001")]
    public void A_target_answers_a_trace_with_every_strategy_and_the_same_tokens(string arrivals)
    {
        using var scratch = new Scratch();
        var result = Run("--scenario", Scenario(scratch), "--seed", "3", "--arrivals", arrivals, "--report", scratch.At("page.html"), "--json");
        var json = result.Json;
        Assert.True(json.GetProperty("identical").GetBoolean());
        Assert.Equal(("live", arrivals, 32), (Text(json, "mode"), Text(json, "arrivals"), json.GetProperty("requests").GetInt32()));
        var strategies = json.GetProperty("strategies").EnumerateArray().ToList();
        Assert.Equal([.. Strategies, "oracle"], strategies.Select(strategy => Text(strategy, "name")));
        foreach (var strategy in strategies)
        {
            Assert.Equal(strategies[0].GetProperty("tokens").GetInt64(), strategy.GetProperty("tokens").GetInt64());
            Assert.Equal(["all"], strategy.GetProperty("by_namespace").EnumerateArray().Select(one => Text(one, "namespace")));
            Assert.Equal(10, strategy.GetProperty("by_tenth").GetArrayLength());
            foreach (string figure in Figures) Assert.True(strategy.TryGetProperty(figure, out _), figure);
            Assert.Equal(arrivals == "back-to-back", strategy.GetProperty("latency_s").ValueKind == JsonValueKind.Null);
        }
        Assert.Equal(1, strategies[0].GetProperty("acceptance_length").GetDouble());
        Assert.True(strategies[1].GetProperty("acceptance_length").GetDouble() > 1);
        Assert.True(strategies[1].GetProperty("draft_us_per_call").GetDouble() > 0);
        Assert.Equal(["static", "suffix", "recall", "learned"], strategies[6].GetProperty("credits").EnumerateArray().Select(credit => Text(credit, "name")));
        var cell = json.GetProperty("forgetting").EnumerateArray().Single();
        Assert.Equal(("short-tools", "short-arithmetic"), (Text(cell, "domain"), Text(cell, "after")));
        Assert.True(cell.GetProperty("ratio").GetDouble() > 0);
        Assert.Equal(["target", "draft"], json.GetProperty("provenance").GetProperty("models").EnumerateArray().Select(model => Text(model, "part")));
        Assert.Equal([3], json.GetProperty("provenance").GetProperty("seeds").EnumerateArray().Select(seed => seed.GetInt32()));
        Assert.Contains("outputs identical to plain decoding", result.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(scratch.At("page.html"));
        foreach (string text in (string[])["Goodput, measured", "Acceptance length", "Who wrote the tokens", "Lookahead", "Time beyond the oracle", "Forgetting", "As measured"])
            Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.True(XDocument.Parse(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Descendants().Count(e => e.Name.LocalName == "svg") >= 6);
    }

    [Fact]
    public void A_trace_file_is_answered_in_its_own_classes_and_sampling()
    {
        using var scratch = new Scratch();
        string trace = scratch.Write("t.jsonl", string.Concat(Enumerable.Range(0, 6).Select(i =>
            $$"""{"arrival_s": {{i}}, "namespace": "n{{i % 2}}", "class": "throughput", "prompt_tokens": [{{i + 1}}, 9, 4], "sampling": {"temperature": 0.8, "seed": {{i}}, "max_tokens": 7} }""" + "\n")));
        var json = Run(trace, "--strategies", "atlas", "static", "--json").Json;
        Assert.True(json.GetProperty("identical").GetBoolean());
        Assert.Equal(["plain", "static", "atlas", "oracle"], json.GetProperty("strategies").EnumerateArray().Select(strategy => Text(strategy, "name")));
        Assert.InRange(json.GetProperty("tokens").GetInt64(), 6, 42);
        Assert.Equal(["n0", "n1"], json.GetProperty("strategies")[0].GetProperty("by_namespace").EnumerateArray().Select(one => Text(one, "namespace")));
    }

    [Theory]
    [InlineData("live")]
    [InlineData("recorded")]
    public void Every_shipped_scenario_runs_and_leaves_its_results_in_a_folder(string mode)
    {
        using var scratch = new Scratch();
        string[] common = ["--scenario", ScenarioFolder(), "--part", "0.03", "--seed", "1", "--strategies", "suffix", "atlas", "--out", scratch.At("results"), "--json"];
        var json = (mode == "live" ? Run(["--max-tokens", "6", .. common]) : AtlasProgram.Run(["replay", "--recorded", .. common])).Json;
        string[] names = [.. json.GetProperty("scenarios").EnumerateArray().Select(scenario => Text(scenario, "name"))];
        Assert.Equal(["abrupt-shift", "adversarial-noise", "burst", "code-agent-loop", "gradual-mix", "high-temperature", "new-tenant", "recurring"], names);
        string[] files = [.. names.SelectMany(name => (string[])[$"{name}.figures.json", $"{name}.html"]), "index.html", "summary.json"];
        Assert.Equal(
            files.Order(StringComparer.Ordinal),
            Directory.GetFiles(scratch.At("results")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var scenario in json.GetProperty("scenarios").EnumerateArray())
        {
            Assert.Equal(mode, Text(scenario, "mode"));
            Assert.True(double.IsFinite(scenario.GetProperty("regret").GetDouble()));
            Assert.NotEmpty(Text(scenario, "expected"));
            if (mode == "live") Assert.True(scenario.GetProperty("identical").GetBoolean());
        }
        string index = File.ReadAllText(scratch.At("results", "index.html"));
        foreach (string name in names) Assert.Contains(name, index, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_service_answers_a_trace()
    {
        using var scratch = new Scratch();
        await using var serving = await ServingPair.StartAsync(pair);
        string scenario = Scenario(scratch);
        string[] common = ["replay", "--scenario", scenario, "--seed", "3", "--part", "0.3", "--max-tokens", "12", "--connect", $"unix:{serving.Endpoint.Path}", "--json"];
        foreach (string arrivals in (string[])["back-to-back", "scaled:0.001"])
        {
            var json = AtlasProgram.Run([.. common, "--arrivals", arrivals]).Json;
            Assert.True(json.GetProperty("identical").GetBoolean());
            var strategies = json.GetProperty("strategies").EnumerateArray().ToList();
            Assert.Equal(["plain", "static", "suffix", "recall", "learned", "atlas", "oracle"], strategies.Select(strategy => Text(strategy, "name")));
            Assert.Equal(1, strategies[0].GetProperty("acceptance_length").GetDouble());
            Assert.All(strategies, strategy => Assert.Equal(strategies[0].GetProperty("tokens").GetInt64(), strategy.GetProperty("tokens").GetInt64()));
            Assert.Equal("all", Text(strategies[1].GetProperty("by_namespace")[0], "namespace"));
            Assert.Equal("target", Text(json.GetProperty("provenance").GetProperty("models")[0], "part"));
        }
        string[] kept = [.. common, "--out", scratch.At("out")];
        var made = AtlasProgram.Run(kept);
        Assert.DoesNotContain("taken up", made.Output, StringComparison.Ordinal);
        var again = AtlasProgram.Run(kept);
        Assert.Contains("s, seed 3: taken up", again.Output, StringComparison.Ordinal);
        Assert.Equal(made.Json.GetProperty("strategies").GetRawText(), again.Json.GetProperty("strategies").GetRawText());
        AtlasProgram.Run([.. common, "--threads", "1"]).Refused("--threads", "--connect");
        AtlasProgram.Run([.. common, "--strategies", "merged"]).Refused("merged");
    }

    [Fact]
    public void Bad_usage_is_refused()
    {
        using var scratch = new Scratch();
        string scenario = Scenario(scratch);
        Run("--scenario", scenario, "--latency", "1:1,2:2").Refused("--latency", "--recorded");
        Run("--scenario", scenario, "--tokens", "words").Refused("--tokens", "--recorded");
        Run("--scenario", scenario, "--arrivals", "soon").Refused("--arrivals", "scaled:X");
        Run("--scenario", scenario, "--arrivals", "scaled:-1").Refused("--arrivals");
        Run("--scenario", scenario, "--max-batch", "4").Refused("--max-batch", "--arrivals");
        Run("--scenario", scenario, "--part", "2").Refused("--part");
        Run("--scenario", scenario, "--token-file", scenario).Refused("--token-file", "--connect");
        Run("--scenario", ScenarioFolder()).Refused("--out");
        AtlasProgram.Run("replay", scenario, "--connect", "nowhere").Refused("--connect", "unix:PATH");
        AtlasProgram.Run("replay", scenario, "--connect", $"unix:{scratch.At("no.sock")}").Refused("--connect");
        Run(scratch.Write("t.jsonl", "{\"arrival_s\": 0, \"prompt_tokens\": [99999]}\n")).Refused("t.jsonl", "99999");
    }

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;

    private static string Scenario(Scratch scratch) => scratch.Write("s.json", """
        { "name": "s", "expected": "seen", "seeds": [3, 4], "arrivals": "poisson", "phases": [
          { "requests": 11, "namespace": "all", "domains": { "short-tools": 1 }, "rate_per_s": 20 },
          { "requests": 11, "namespace": "all", "domains": { "short-arithmetic": 1 }, "rate_per_s": 20, "temperature": 0.9 },
          { "requests": 5, "namespace": "all", "domains": { "short-tools": 1 }, "rate_per_s": 20, "class": "throughput" },
          { "requests": 5, "namespace": "all", "domains": { "short-tools": 1 }, "rate_per_s": 20 } ] }
        """);

    private static string ScenarioFolder()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Atlas.sln"))) directory = Path.GetDirectoryName(directory)!;
        return Path.Combine(directory, "experiments", "drift", "scenarios");
    }

    private ProgramResult Run(params string[] arguments) =>
        AtlasProgram.Run(
        [
            "replay", "--target", pair.Target, "--draft", pair.Draft, "--threads", "1", .. arguments.Contains("--max-tokens") ? (string[])[] : ["--max-tokens", "16"], .. arguments,
        ]);
}
