using System.Text.Json;
using Atlas.Evaluation.Workloads;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests;

/// <summary><c>atlas demo</c> on a tiny pair.</summary>
public sealed class DemoTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private static readonly string[] Figures =
    [
        "requests", "tokens", "goodput_tokens_per_s", "speedup", "end_to_end_tokens_per_s", "end_to_end_speedup", "acceptance_length",
        "acceptance_rate",
    ];

    [Theory]
    [InlineData()]
    [InlineData("--temperature", "0.7", "--branches", "2")]
    public void Plain_and_static_are_compared_by_domain_and_identical(params string[] options)
    {
        var json = Run(["--requests", "1", "--json", .. options]).Json;
        Assert.True(json.GetProperty("identical").GetBoolean());
        var strategies = json.GetProperty("strategies").EnumerateArray().ToList();
        Assert.Equal(["plain", "static"], strategies.Select(strategy => strategy.GetProperty("name").GetString()));
        foreach (var strategy in strategies)
        {
            var domains = strategy.GetProperty("domains").EnumerateObject().ToList();
            Assert.Equal(WorkloadCatalog.Small.Select(workload => workload.Domain), domains.Select(domain => domain.Name));
            foreach (var group in domains.Select(domain => domain.Value).Prepend(strategy))
                Assert.All(Figures, figure => Assert.True(group.GetProperty(figure).GetDouble() >= 0, figure));
            Assert.Equal(domains.Sum(domain => Number(domain.Value, "tokens")), Number(strategy, "tokens"));
            Assert.Equal(4, Number(strategy, "requests"));
        }
        Assert.Equal(Number(strategies[0], "tokens"), Number(strategies[1], "tokens"));
        Assert.Equal((1, 1, 0), (Number(strategies[0], "speedup"), Number(strategies[0], "acceptance_length"), Number(strategies[0], "acceptance_rate")));
        Assert.True(Number(strategies[1], "acceptance_length") > 1);
        double speedup = Number(strategies[1], "goodput_tokens_per_s") / Number(strategies[0], "goodput_tokens_per_s");
        Assert.Equal(speedup, Number(strategies[1], "speedup"), 0.001);
    }

    [Fact]
    public void The_table_names_domains_and_strategies_and_says_that_outputs_are_identical()
    {
        string output = Run("--requests", "1").Done().Output;
        foreach (string text in (string[])["tools", "arithmetic", "extraction", "edits", "plain", "static", "outputs identical to plain decoding"])
            Assert.Contains(text, output, StringComparison.Ordinal);
    }

    private static double Number(JsonElement group, string name) => group.GetProperty(name).GetDouble();

    private ProgramResult Run(params string[] arguments) =>
        AtlasProgram.Run(["demo", "--target", pair.Target, "--draft", pair.Draft, "--threads", "1", "--max-tokens", "24", .. arguments]);
}
