using System.Text;
using Atlas.Evaluation.Drift;
using Atlas.Evaluation.Traces;

namespace Atlas.Evaluation.Tests.Drift;

public sealed class DriftScenarioTests
{
    private static readonly string[] Names =
        ["abrupt-shift", "adversarial-noise", "burst", "code-agent-loop", "gradual-mix", "high-temperature", "new-tenant", "recurring"];

    public static TheoryData<string> Scenarios => [.. Names];

    [Fact]
    public void The_folder_has_the_scenarios_of_the_documentation() =>
        Assert.Equal(Names, Directory.GetFiles(Folder(), "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_shipped_scenario_is_read_and_generates_what_it_says(string name)
    {
        var scenario = DriftScenarioReader.Read(Path.Combine(Folder(), name + ".json"));
        Assert.Equal(name, scenario.Name);
        var requests = DriftTraffic.Generate(scenario, scenario.Seeds[0]).ToList();
        Assert.Equal(scenario.Phases.Sum(phase => phase.Requests), requests.Count);
        Assert.Equal(requests, DriftTraffic.Generate(scenario, scenario.Seeds[0]));
        Assert.NotEqual(requests[0].Prompt, DriftTraffic.Generate(scenario, scenario.Seeds[1]).First().Prompt);
        Assert.All(requests, request => Assert.False(request.Completion!.IsEmpty));
        Assert.True(requests.Zip(requests.Skip(1)).All(pair => pair.First.ArrivalSeconds <= pair.Second.ArrivalSeconds));
        using var stream = new MemoryStream();
        using (var writer = new TraceWriter(stream, leaveOpen: true))
            foreach (var request in requests)
                writer.Write(request);
        stream.Position = 0;
        Assert.Equal(requests, TraceReader.Read(stream, "t.jsonl"));
    }

    [Fact]
    public void A_shorter_look_has_the_same_shifts()
    {
        var scenario = Parse(Scenario("""{ "requests": 40, "domains": { "tools": 1 } }, { "requests": 3, "domains": { "sql": 1 } }""", "even"));
        Assert.Equal([10, 1], scenario.Shortened(0.25).Phases.Select(phase => phase.Requests));
        var (all, few) = (DriftTraffic.Generate(scenario, 7).ToList(), DriftTraffic.Generate(scenario.Shortened(0.25), 7).ToList());
        Assert.Equal(all.Take(10), few.Take(10));
        Assert.Equal(["tools", "sql"], few.Select(request => request.Domain).Distinct());
    }

    [Fact]
    public void A_mix_moves_from_one_domain_to_the_other()
    {
        var requests = Generate("""{ "requests": 400, "domains": { "tools": 1 }, "domains_end": { "sql": 1 } }""");
        int First(int from) => requests.Skip(from).Take(100).Count(r => r.Namespace == "sql");
        Assert.InRange(First(0), 2, 30);
        Assert.InRange(First(300), 70, 98);
        Assert.True(First(0) < First(100) && First(100) < First(200) && First(200) < First(300));
    }

    [Fact]
    public void A_session_grows_and_asks_again()
    {
        var requests = Generate("""{ "requests": 40, "namespace": "n", "domains": { "short-edits": 1 }, "turns": 10, "repeat": 0.5 }""");
        for (int i = 0; i < requests.Count; i++)
        {
            Assert.Equal("n", requests[i].Namespace);
            if (i % 10 == 0) continue;
            Assert.StartsWith(requests[i - 1].Prompt.Text! + requests[i - 1].Completion!.Text, requests[i].Prompt.Text);
        }
        int distinct = requests.Select(r => r.Completion!.Text).Distinct().Count();
        Assert.InRange(distinct, 12, 34);
    }

    [Fact]
    public void Noise_replaces_words_and_nothing_else()
    {
        var plain = Generate("""{ "requests": 30, "domains": { "chat": 1 } }""");
        var half = Generate("""{ "requests": 30, "domains": { "chat": 1 }, "noise": 0.5, "temperature": 1 }""");
        double changed = 0, words = 0;
        for (int i = 0; i < plain.Count; i++)
        {
            var (before, after) = (plain[i].Completion!.Text!, half[i].Completion!.Text!);
            Assert.Equal(plain[i].Prompt, half[i].Prompt);
            Assert.Equal(before.Length, after.Length);
            for (int at = 0; at < before.Length; at++)
                if (!char.IsAsciiLetterOrDigit(before[at]))
                    Assert.Equal(before[at], after[at]);
            string[] old = before.Split(' '), made = after.Split(' ');
            (words, changed) = (words + old.Length, changed + old.Zip(made).Count(pair => pair.First != pair.Second));
            Assert.Equal(1f, half[i].Sampling!.Options.Temperature);
        }
        Assert.InRange(changed / words, 0.35, 0.65);
    }

    [Fact]
    public void Arrivals_have_their_rate()
    {
        string phase = """{ "requests": 2000, "domains": { "sorting": 1 }, "rate_per_s": 4 }""";
        Assert.InRange(Generate(phase)[^1].ArrivalSeconds, 450, 550);
        Assert.Equal(500, Generate(phase, "even")[^1].ArrivalSeconds, 1e-6);
        Assert.Equal(0, Generate(phase, "back-to-back")[^1].ArrivalSeconds);
    }

    [Theory]
    [InlineData("\"seeds\": [1]", "\"seeds\": []", "seeds")]
    [InlineData("\"seeds\": [1]", "\"seeds\": [1, 1]", "seeds")]
    [InlineData("\"seeds\": [1]", "\"seed\": 1", "seed")]
    [InlineData("\"poisson\"", "\"poison\"", "arrivals")]
    [InlineData("\"requests\": 5", "\"requests\": 0", "phases[0].requests")]
    [InlineData("\"requests\": 5", "\"requests\": 5, \"request\": 5", "phases[0].request")]
    [InlineData("\"requests\": 5", "\"requests\": 5, \"noise\": 1.5", "phases[0].noise")]
    [InlineData("\"requests\": 5", "\"requests\": 5, \"turns\": 0", "phases[0].turns")]
    [InlineData("\"requests\": 5", "\"requests\": 5, \"class\": \"fast\"", "phases[0].class")]
    [InlineData("\"requests\": 5", "\"requests\": 2000000", "phases")]
    [InlineData("\"sql\": 1", "\"sqk\": 1", "phases[0].domains.sqk")]
    [InlineData("\"sql\": 1", "\"sql\": 0", "phases[0].domains.sql")]
    [InlineData("{ \"sql\": 1 }", "{}", "phases[0].domains")]
    [InlineData("\"name\": \"s\",", "", "name")]
    public void A_wrong_scenario_is_refused_by_its_key(string right, string wrong, string key)
    {
        string text = Scenario("""{ "requests": 5, "domains": { "sql": 1 } }""", "poisson");
        Assert.Contains(right, text);
        var fault = Assert.Throws<TraceException>(() => Parse(text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.StartsWith($"s.json:{key}", fault.Message);
        Assert.Contains("expected", fault.Message);
    }

    [Fact]
    public void Damaged_scenarios_are_read_or_refused_by_name()
    {
        string text = Scenario("""{ "requests": 5, "namespace": "n", "domains": { "sql": 1 }, "rate_per_s": 2, "noise": 0.5, "turns": 3 }""", "even");
        var random = new Random(9);
        int refused = 0;
        for (int round = 0; round < 3_000; round++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int times = random.Next(1, 4); times > 0; times--) bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[],:\"\\0.e1-"[random.Next(13)];
            try
            {
                Assert.NotEmpty(DriftScenarioReader.Parse(bytes, "s.json").Phases);
            }
            catch (TraceException fault)
            {
                refused++;
                Assert.StartsWith("s.json", fault.Message);
                Assert.DoesNotContain('\n', fault.Message);
                Assert.Contains("expected", fault.Message);
            }
        }
        Assert.InRange(refused, 1_500, 2_999);
    }

    private static List<TraceRequest> Generate(string phase, string arrivals = "poisson") => [.. DriftTraffic.Generate(Parse(Scenario(phase, arrivals)), 7)];

    private static DriftScenario Parse(string text) => DriftScenarioReader.Parse(Encoding.UTF8.GetBytes(text), "s.json");

    private static string Scenario(string phase, string arrivals) =>
        $$"""{ "name": "s", "expected": "e", "seeds": [1], "arrivals": "{{arrivals}}", "phases": [{{phase}}] }""";

    private static string Folder()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Atlas.sln"))) directory = Path.GetDirectoryName(directory)!;
        return Path.Combine(directory, "experiments", "drift", "scenarios");
    }
}
