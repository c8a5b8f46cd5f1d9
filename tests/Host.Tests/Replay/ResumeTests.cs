using System.Text.RegularExpressions;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Replay;

/// <summary><c>atlas replay --out</c> given again, after it ended, was interrupted, or lost some of its runs.</summary>
public sealed partial class ResumeTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private static readonly string[] Runs = ["one-seed-1", "one-seed-2", "two-seed-1", "two-seed-2"];

    [Fact]
    public void A_command_given_again_replays_nothing_and_writes_the_same()
    {
        using var scratch = new Scratch();
        Scenarios(scratch);
        var first = Recorded(scratch);
        Assert.DoesNotContain("taken up", first.Output, StringComparison.Ordinal);
        Assert.Equal(Runs, KeptOf(scratch));
        var before = Results(scratch);
        foreach (string file in Directory.GetFiles(scratch.At("out"))) File.Delete(file);
        var second = Recorded(scratch);
        Assert.Equal(4, Count(second, ": taken up from "));
        Assert.Equal(before, Results(scratch));
        Assert.Equal(Undated(first.Json.GetRawText()), Undated(second.Json.GetRawText()));
    }

    [Fact]
    public void Runs_that_are_missing_or_damaged_are_replayed_and_the_others_taken_up()
    {
        using var scratch = new Scratch();
        Scenarios(scratch);
        var first = Recorded(scratch).Json;
        File.Delete(Kept(scratch, "one-seed-2"));
        File.WriteAllText(Kept(scratch, "two-seed-1"), File.ReadAllText(Kept(scratch, "two-seed-1"))[..2000]);
        string kept = File.ReadAllText(Kept(scratch, "one-seed-1"));
        var second = Recorded(scratch);
        Assert.Equal(2, Count(second, ": taken up from "));
        Assert.Equal(1, Count(second, "two, seed 1: replayed anew, "));
        Assert.Equal(kept, File.ReadAllText(Kept(scratch, "one-seed-1")));
        Assert.Equal(Runs, KeptOf(scratch));
        // What was counted is no matter of time.
        foreach (int i in (int[])[0, 1])
        {
            var (before, after) = (first.GetProperty("scenarios")[i].GetProperty("strategies")[1], second.Json.GetProperty("scenarios")[i].GetProperty("strategies")[1]);
            Assert.Equal(before.GetProperty("acceptance_length").GetDouble(), after.GetProperty("acceptance_length").GetDouble());
        }
        Assert.Equal(4, Count(Recorded(scratch), ": taken up from "));
    }

    [Fact]
    public void One_seeds_run_is_taken_up_by_the_command_for_all()
    {
        using var scratch = new Scratch();
        Scenarios(scratch);
        Recorded(scratch, "--seed", "2");
        Assert.Equal(["one-seed-2", "two-seed-2"], KeptOf(scratch));
        var all = Recorded(scratch);
        Assert.Equal(1, Count(all, "one, seed 2: taken up from "));
        Assert.Equal(1, Count(all, "two, seed 2: taken up from "));
        Assert.Equal([2, 2], all.Json.GetProperty("scenarios").EnumerateArray().Select(scenario => scenario.GetProperty("runs").GetInt32()));
    }

    [Fact]
    public void Some_of_the_seeds_are_replayed_together_each_once()
    {
        using var scratch = new Scratch();
        Scenarios(scratch);
        var some = Recorded(scratch, "--seed", "2", "7", "2");
        Assert.Equal(["one-seed-2", "one-seed-7", "two-seed-2", "two-seed-7"], KeptOf(scratch));
        Assert.Equal([2, 2], some.Json.GetProperty("scenarios").EnumerateArray().Select(scenario => scenario.GetProperty("runs").GetInt32()));
        AtlasProgram.Run("replay", "--scenario", scratch.At("scenarios", "one.json"), "--seed", "1", "2", "--write", scratch.At("trace.jsonl")).Refused("--seed names 2 seeds");
    }

    [Fact]
    public void What_would_be_another_run_is_replayed_and_the_reason_said()
    {
        using var scratch = new Scratch();
        Scenario(scratch, "one", requests: 12);
        Recorded(scratch, "--seed", "1");
        foreach (var (change, reason) in new (string[], string)[]
        {
            (["--latency", "1:1,8:3"], "is made in another manner"), (["--lookahead", "5"], "is made in another manner"), (["--strategies", "learned"], "is of the strategies plain, suffix"),
            (["--tokens", "words"], "is made with --tokens bytes"), (["--part", "0.5"], "is of other traffic"),
        })
        {
            Assert.Equal(1, Count(Recorded(scratch, ["--seed", "1", .. change]), reason));
            Assert.Equal(1, Count(Recorded(scratch, "--seed", "1"), ": replayed anew, "));
        }
    }

    [Fact]
    public void An_edited_scenario_is_replayed_and_the_others_taken_up()
    {
        using var scratch = new Scratch();
        Scenarios(scratch);
        Recorded(scratch);
        Scenario(scratch, "two", requests: 13);
        var edited = Recorded(scratch);
        Assert.Equal(2, Count(edited, ": taken up from "));
        Assert.Equal(1, Count(edited, "two, seed 1: replayed anew, "));
        Assert.Equal(1, Count(edited, "two, seed 2: replayed anew, "));
    }

    [Fact]
    public async Task A_killed_command_goes_on_where_it_was()
    {
        using var scratch = new Scratch();
        Scenarios(scratch, requests: 400);
        using (var process = AtlasProgram.Start(RecordedArguments(scratch)))
        {
            var output = process.StandardOutput.ReadToEndAsync();
            while (!process.HasExited && !File.Exists(Kept(scratch, Runs[0]))) await Task.Delay(1);
            process.Kill();
            await process.WaitForExitAsync();
            await output;
        }
        string[] left = KeptOf(scratch);
        Assert.InRange(left.Length, 1, 3);
        Assert.False(File.Exists(scratch.At("out", "summary.json")));
        var contents = left.ToDictionary(name => name, name => File.ReadAllText(Kept(scratch, name)));
        var resumed = Recorded(scratch);
        Assert.Equal(left.Length, Count(resumed, ": taken up from "));
        Assert.Equal(0, Count(resumed, ": replayed anew, "));
        Assert.All(contents, one => Assert.Equal(one.Value, File.ReadAllText(Kept(scratch, one.Key))));
        Assert.Equal(Runs, KeptOf(scratch));
        var before = Results(scratch);
        Recorded(scratch);
        Assert.Equal(before, Results(scratch));
    }

    [Fact]
    public void A_live_replay_and_a_trace_file_are_taken_up_too()
    {
        using var scratch = new Scratch();
        Scenario(scratch, "one", requests: 6);
        AtlasProgram.Run("replay", "--scenario", scratch.At("scenarios", "one.json"), "--seed", "1", "--write", scratch.At("trace.jsonl")).Done();
        string[] live = ["replay", scratch.At("trace.jsonl"), "--target", pair.Target, "--draft", pair.Draft, "--threads", "1", "--out", scratch.At("out"), "--json"];
        var first = AtlasProgram.Run([.. live, "--max-tokens", "8"]);
        var second = AtlasProgram.Run([.. live, "--max-tokens", "8"]);
        Assert.Equal(1, Count(second, "trace.jsonl: taken up from "));
        Assert.Equal(Undated(first.Json.GetRawText()), Undated(second.Json.GetRawText()));
        Assert.True(second.Json.GetProperty("identical").GetBoolean());
        Assert.Equal(1, Count(AtlasProgram.Run([.. live, "--max-tokens", "7"]), ": replayed anew, "));
        Assert.Equal(1, Count(AtlasProgram.Run([.. live, "--max-tokens", "7", "--arrivals", "scaled:0.001"]), "is made in another manner"));
        Assert.Equal(1, Count(AtlasProgram.Run([.. live, "--max-tokens", "7", "--arrivals", "scaled:0.001"]), ": taken up from "));
        string[] exchanged = [.. live.Select(word => word == pair.Target ? pair.Draft : word == pair.Draft ? pair.Target : word)];
        Assert.Equal(1, Count(AtlasProgram.Run([.. exchanged, "--max-tokens", "7", "--arrivals", "scaled:0.001"]), "is of other models"));
    }

    private static void Scenarios(Scratch scratch, int requests = 12)
    {
        foreach (string name in (string[])["one", "two"]) Scenario(scratch, name, requests);
    }

    private static void Scenario(Scratch scratch, string name, int requests)
    {
        Directory.CreateDirectory(scratch.At("scenarios"));
        scratch.Write(Path.Combine("scenarios", name + ".json"), $$"""
            { "name": "{{name}}", "expected": "seen", "seeds": [1, 2], "arrivals": "even", "phases": [
              { "requests": {{requests}}, "namespace": "all", "domains": { "short-tools": 1 } }, { "requests": 12, "namespace": "all", "domains": { "short-arithmetic": 1 } } ] }
            """);
    }

    private static string[] RecordedArguments(Scratch scratch, params string[] change) =>
    [
        "replay", "--recorded", "--scenario", scratch.At("scenarios"), "--out", scratch.At("out"), "--plots", scratch.At("out", "plots"), "--json",
        .. change.Contains("--strategies") ? (string[])[] : ["--strategies", "suffix", "atlas"], .. change,
    ];

    private static ProgramResult Recorded(Scratch scratch, params string[] change) => AtlasProgram.Run(RecordedArguments(scratch, change)).Done();

    private static string Kept(Scratch scratch, string run) => scratch.At("out", "runs", run + ".json");

    private static string[] KeptOf(Scratch scratch) =>
        [.. Directory.GetFiles(scratch.At("out", "runs"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    // Everything but the kept runs themselves, by name; without dates.
    private static SortedDictionary<string, string> Results(Scratch scratch) => new(
        Directory.GetFiles(scratch.At("out"), "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(scratch.At("out", "runs"), StringComparison.Ordinal))
            .ToDictionary(file => file, file => Undated(File.ReadAllText(file))), StringComparer.Ordinal);

    private static string Undated(string text) => Date().Replace(text, "");

    private static int Count(ProgramResult result, string text) => result.Done().Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?")]
    private static partial Regex Date();
}
