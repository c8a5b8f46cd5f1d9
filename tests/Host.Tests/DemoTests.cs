using System.Text.Json;
using System.Xml.Linq;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>atlas demo</c> on a tiny pair.</summary>
public sealed class DemoTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private static readonly string[] Strategies = ["plain", "static", "suffix", "recall", "learned", "atlas"];

    private static readonly string[] Figures =
    [
        "requests", "tokens", "goodput_tokens_per_s", "speedup", "end_to_end_tokens_per_s", "end_to_end_speedup", "acceptance_length",
        "acceptance_rate",
    ];

    [Theory]
    [InlineData()]
    [InlineData("--temperature", "0.7", "--lookahead", "3")]
    public void All_strategies_are_compared_by_phase_and_identical(params string[] options)
    {
        using var scratch = new Scratch();
        var json = Run(scratch, ["--requests", "3", "--json", .. options]).Json;
        Assert.True(json.GetProperty("identical").GetBoolean());
        var strategies = json.GetProperty("strategies").EnumerateArray().ToList();
        Assert.Equal(Strategies, strategies.Select(strategy => strategy.GetProperty("name").GetString()));
        foreach (var strategy in strategies)
        {
            var phases = strategy.GetProperty("phases").EnumerateArray().ToList();
            Assert.Equal(["short-tools", "short-arithmetic", "short-extraction", "short-tools"], phases.Select(phase => phase.GetProperty("domain").GetString()));
            Assert.Equal([false, true, true, false], phases.Select(phase => phase.GetProperty("shifted").GetBoolean()));
            foreach (var group in phases.Concat(phases.Select(phase => phase.GetProperty("tail"))).Append(strategy))
                Assert.All(Figures, figure => Assert.True(group.GetProperty(figure).GetDouble() >= 0, figure));
            Assert.Equal(phases.Sum(phase => Number(phase, "tokens")), Number(strategy, "tokens"));
            Assert.Equal((12, 1), (Number(strategy, "requests"), Number(phases[0].GetProperty("tail"), "requests")));
            Assert.Equal(Number(strategies[0], "tokens"), Number(strategy, "tokens"));
        }
        Assert.Equal((1, 1, 1), (Number(strategies[0], "speedup"), Number(strategies[0], "adapted_speedup"), Number(strategies[0], "acceptance_length")));
        Assert.True(Number(strategies[1], "acceptance_length") > 1);
        Assert.Equal(
            Number(strategies[5], "goodput_tokens_per_s") / Number(strategies[0], "goodput_tokens_per_s"), Number(strategies[5], "speedup"), 0.001);
    }

    [Fact]
    public void The_object_has_the_keys_that_figures_are_read_from()
    {
        using var scratch = new Scratch();
        var json = Run(scratch, "--requests", "2", "--json").Json;
        foreach (string path in (string[])
            ["best_single.whole_run", "best_single.worst_phase", "recovery_requests.beats_static", "recovery_requests.plateau",
             "forgetting.returned_over_before", "trainer.versions", "trainer.cpu_share", "trainer.dropped", "calibration_error", "calibration_samples"])
            Assert.True(At(json, path).GetDouble() >= 0, path);
        // Measured with --full only.
        foreach (string path in (string[])
            ["guard.worst_over_plain", "learned.goodput_without_over_with", "learned.acceptance_rate_gain_200", "trainer.goodput_ratio", "trainer.p99_step_ratio", "batch"])
            Assert.Equal(JsonValueKind.Null, At(json, path).ValueKind);
    }

    [Fact]
    public void The_table_names_phases_and_strategies_and_the_page_shows_them()
    {
        using var scratch = new Scratch();
        string output = Run(scratch, "--requests", "2", "--phases", "sql", "sorting").Done().Output;
        foreach (string text in (string[])[.. Strategies, "1 sql", "2 sorting", "3 sql", "outputs identical to plain decoding", "written to"])
            Assert.Contains(text, output, StringComparison.Ordinal);
        string page = File.ReadAllText(scratch.At("report.html"));
        var document = XDocument.Parse(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.Equal(5, document.Descendants().Count(e => e.Name.LocalName == "svg"));
        foreach (string text in (string[])[.. Strategies, "2 sorting", "Goodput", "Lookahead"]) Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        using var scratch = new Scratch();
        Run(scratch, "--quick", "--full").Refused("--quick", "--full");
        Run(scratch, "--phases", "sql").Refused("1 domains", "--phases");
    }

    private static JsonElement At(JsonElement json, string path)
    {
        foreach (string name in path.Split('.')) json = json.GetProperty(name);
        return json;
    }

    private static double Number(JsonElement group, string name) => group.GetProperty(name).GetDouble();

    private ProgramResult Run(Scratch scratch, params string[] arguments) => AtlasProgram.Run(
        ["demo", "--target", pair.Target, "--draft", pair.Draft, "--threads", "1", "--max-tokens", "24", "--report", scratch.At("report.html"), .. arguments]);
}
