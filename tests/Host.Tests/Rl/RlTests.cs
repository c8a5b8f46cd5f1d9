using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using Atlas.Evaluation.PolicyGradient;
using Atlas.Evaluation.Rollouts;
using Atlas.Host.Rl;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Rl;

/// <summary><c>atlas rl</c> on the small pair: a few steps of a few samples.</summary>
public sealed class RlTests
{
    private const string Config = """
        {
          "domains": ["short-arithmetic", "short-tools"], "steps": 3, "prompts_per_step": 2, "group_size": 4, "prompt_pool": 4,
          "max_prompt_tokens": 128, "max_tokens": 48, "batch_sizes": [8], "warm_up_steps": 0, "checkpoint_steps": 1, "priced_steps": 2,
          "learning": { "learning_rate": 0.0001, "updates_per_step": 2, "batch_tokens": 600 }
        }
        """;

    private const string Table = """
        {"name": "made up", "source": "a test", "target": [[1, 5], [256, 5], [512, 9]],
         "speculators": {"static": {"call_ms": 0, "level_ms": 0.3, "token_ms": 0}, "suffix": {"call_ms": 0.05, "level_ms": 0, "token_ms": 0},
           "learned": {"call_ms": 0, "level_ms": 0.1, "token_ms": 0},
           "learned-text": {"call_ms": 0.02, "level_ms": 0, "token_ms": 0.006}}}
        """;

    private static readonly string[] Strategies = ["plain", "static", "suffix", "atlas"];

    [Fact]
    public void Rewards_are_identical_whoever_draws_and_all_figures_are_there()
    {
        using var scratch = new Scratch();
        string table = scratch.Write("table.json", Table);
        var json = Run(scratch, "whole", "--latency-table", table, "--report", scratch.At("rl.html"), "--plots", scratch.At("plots")).Json;
        Assert.True(json.GetProperty("rewards_identical").GetBoolean());
        Assert.Equal((3, 8), (json.GetProperty("steps").GetInt32(), json.GetProperty("samples_per_step").GetInt32()));
        foreach (string figure in (string[])["rollout_speedup", "rollout_speedup_priced", "end_to_end_speedup", "amdahl_limit"])
            Assert.True(json.GetProperty(figure).GetDouble() > 0, figure);
        Assert.True(json.GetProperty("amdahl_limit").GetDouble() >= json.GetProperty("end_to_end_speedup").GetDouble());
        Assert.Contains("8", json.GetProperty("rollout_speedup_by_live").EnumerateObject().Select(one => one.Name));
        Assert.Equal(Strategies, json.GetProperty("strategies").EnumerateArray().Select(strategy => strategy.GetProperty("name").GetString()));
        Assert.Equal(Strategies[1..], json.GetProperty("acceptance_rate_by_step").EnumerateObject().Select(one => one.Name));
        Assert.All(json.GetProperty("acceptance_rate_by_step").GetProperty("static").EnumerateArray(), rate => Assert.InRange(rate.GetDouble(), 0.01, 1));
        // Of tasks that it was trained on, the policy does some right.
        Assert.Contains(json.GetProperty("reward_by_step").EnumerateArray(), reward => reward.GetDouble() > 0);
        var priced = json.GetProperty("priced");
        Assert.True(priced.GetProperty("simulation").GetBoolean());
        Assert.Equal(("made up", 2), (priced.GetProperty("table").GetString(), priced.GetProperty("steps").GetInt32()));
        // Where rows cost nothing, drafts pay.
        Assert.True(json.GetProperty("rollout_speedup_priced").GetDouble() > 1);
        Assert.Equal(
            ["target", "draft"], JsonDocument.Parse(File.ReadAllText(scratch.At("rl.figures.json"))).RootElement.GetProperty("provenance").GetProperty("models")
                .EnumerateArray().Select(model => model.GetProperty("part").GetString()));
        foreach (string plot in (string[])["mean-reward.svg", "acceptance-rate.svg", "rollout-time.svg"])
            Assert.Equal("svg", XDocument.Load(scratch.At("plots", plot)).Root!.Name.LocalName);
        string page = File.ReadAllText(scratch.At("rl.html"));
        Assert.True(XDocument.Parse(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Descendants().Count(e => e.Name.LocalName == "svg") >= 6);
        foreach (string text in (string[])["identical to the bit", "Simulation", "made up", "a test", "Acceptance length"]) Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_killed_and_one_that_was_cut_short_end_with_the_same_bits()
    {
        using var scratch = new Scratch();
        double[] whole = Rewards(Run(scratch, "whole").Json);
        // Learning has changed the policy: another seed would not hide in equal rewards of an unchanged one.
        Assert.NotEqual(Policy(scratch, "whole", 2), Policy(scratch, "whole", 3));

        Run(scratch, "short", "--steps", "2").Done();
        var resumed = Run(scratch, "short").Json;
        Assert.Equal(whole, Rewards(resumed));
        Assert.Equal(2, Assert.Single(resumed.GetProperty("resumed_before_steps").EnumerateArray()).GetInt32());
        Assert.Equal(Policy(scratch, "whole", 3), Policy(scratch, "short", 3));

        Kill(scratch, "killed");
        Assert.Equal(whole, Rewards(Run(scratch, "killed").Json));
        Assert.Equal(Policy(scratch, "whole", 3), Policy(scratch, "killed", 3));

        // A run that is complete says its figures again.
        var again = Run(scratch, "killed").Json;
        Assert.Equal(whole, Rewards(again));
        Assert.Equal(3, again.GetProperty("steps").GetInt32());
        Run(scratch, "killed", "--latency-table", scratch.Write("table.json", Table)).Refused("killed", "latency table");

        scratch.Write("config.json", Config.Replace("\"steps\": 3", "\"steps\": 3, \"seed\": 9", StringComparison.Ordinal));
        Run(scratch, "whole").Refused("whole", "another configuration");
    }

    [Fact]
    public void What_cannot_run_is_refused_by_name()
    {
        using var scratch = new Scratch();
        string path = scratch.Write("config.json", Config.Replace("\"max_tokens\": 48", "\"max_tokens\": 4800", StringComparison.Ordinal));
        AtlasProgram.Run(["rl", "--config", path, .. Pair]).Refused("4928", "512");
        AtlasProgram.Run(["rl", "--config", scratch.At("none.json"), .. Pair]).Refused("none.json", "does not exist");
        AtlasProgram.Run(["rl", "--config", path, "--target", Repository.Small("target")]).Refused("--draft");
        AtlasProgram.Run(["rl", "--config", path, .. Pair, "--latency-table", path]).Refused("config.json");
        AtlasProgram.Run("rl", "--steps", "0").Refused("--steps");
    }

    [Fact]
    public void Without_options_it_is_the_shipped_run_priced_by_the_shipped_table()
    {
        var options = new RlOptionSet();
        var command = new Command("rl");
        options.AddTo(command);
        string shipped = Path.Combine(Repository.Root, "experiments", "rl");
        Assert.Equal(PolicyRunConfig.Read(Path.Combine(shipped, "reference.json")).MaxTokens, options.Config(command.Parse([])).MaxTokens);
        Assert.Equal(MachineTable.Read(Path.Combine(shipped, "roofline-8b-h100.json")).Name, options.Table(command.Parse([]))!.Name);
        Assert.Equal(Path.Combine("runs", "rl-reference"), options.Checkpoints(command.Parse([])));
        Assert.Equal(Path.Combine("runs", "rl-other"), options.Checkpoints(command.Parse(["--config", "some/other.json"])));
    }

    private static string[] Pair => ["--target", Repository.Small("target"), "--draft", Repository.Small("draft")];

    private static ProgramResult Run(Scratch scratch, string run, params string[] options) => AtlasProgram.Run(Arguments(scratch, run, options));

    private static string[] Arguments(Scratch scratch, string run, params string[] options)
    {
        if (!File.Exists(scratch.At("config.json"))) scratch.Write("config.json", Config);
        string[] report = options.Contains("--report") ? [] : ["--report", scratch.At("page.html")];
        return ["rl", "--config", scratch.At("config.json"), .. Pair, "--threads", "1", "--checkpoints", scratch.At(run), "--json", .. report, .. options];
    }

    // Kills the run as soon as its first checkpoint is there.
    private static void Kill(Scratch scratch, string run)
    {
        using var process = AtlasProgram.Start(Arguments(scratch, run));
        var since = Stopwatch.StartNew();
        while (!process.HasExited && !System.IO.Directory.Exists(scratch.At(run, "step-00000001")))
        {
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(5), "no checkpoint was written");
            Thread.Sleep(5);
        }
        process.Kill();
        process.WaitForExit();
    }

    private static double[] Rewards(JsonElement json) => [.. json.GetProperty("reward_by_step").EnumerateArray().Select(reward => reward.GetDouble())];

    private static byte[] Policy(Scratch scratch, string run, int steps) => File.ReadAllBytes(scratch.At(run, $"step-{steps:D8}", "model.safetensors"));
}
