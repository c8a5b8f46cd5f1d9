using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Rollouts;
using Atlas.Evaluation.Tests.PolicyGradient;

namespace Atlas.Evaluation.Tests.Rollouts;

public sealed class MachineTableTests
{
    private const string Whole = """
        {"name": "n", "source": "s", "target": [[1, 2], [4, 2], [64, 12]], "speculators": {"static": {"call_ms": 1, "level_ms": 0.5, "token_ms": 0}}}
        """;

    [Fact]
    public void Plain_rollouts_cost_on_the_machine_what_pricing_their_lengths_says()
    {
        using var policy = new TinyPolicy(places: 26);
        var requests = TinyPolicy.Requests(3, 4);
        var table = Table(Whole);
        foreach (int batch in (int[])[2, 5, 12])
        {
            var result = new RolloutRunner(policy.PlainOn(new SimulatedMachine(table, [])), batch, TinyPolicy.Config.EndTokens).Run(requests, 0);
            double priced = PlainPrice.Seconds(requests, [.. result.Samples.Select(sample => sample.Tokens.Length)], batch, table.Latency);
            Assert.Equal(priced, result.Totals.Seconds, 1e-6);
            Assert.True(PlainPrice.Best(requests, [.. result.Samples.Select(sample => sample.Tokens.Length)], table.Latency) <= priced);
        }
    }

    [Fact]
    public void Time_passes_by_rows_calls_and_levels_alone()
    {
        using var policy = new TinyPolicy();
        var requests = TinyPolicy.Requests(2, 4);
        double First() => new RolloutRunner(policy.Static(new SimulatedMachine(Table(Whole), ["static"])), 8, TinyPolicy.Config.EndTokens).Run(requests, 0).Totals.Seconds;
        double seconds = First();
        Assert.Equal(seconds, First());
        // A forward takes 2 ms at least, a call of the draft model 1.
        Assert.True(seconds > 0.003);
        Assert.True(seconds < new RolloutRunner(
            policy.Static(new SimulatedMachine(Table(Whole.Replace("\"call_ms\": 1", "\"call_ms\": 2", StringComparison.Ordinal)), ["static"])), 8,
            TinyPolicy.Config.EndTokens).Run(requests, 0).Totals.Seconds);
    }

    [Fact]
    public void The_shipped_table_is_the_roofline_that_it_says()
    {
        var table = MachineTable.Read(Path.Combine(Root(), "experiments", "rl", "roofline-8b-h100.json"));
        Assert.NotNull(table.Roofline);
        foreach (var point in table.Target) Assert.Equal(1000 * table.Roofline.Seconds((int)point[0]), point[1], 5e-4);
        foreach (string speculator in (string[])["static", "suffix", "recall", "learned", "learned-text"]) Assert.True(table.CostOf(speculator).Of(1, 1) > 0);
    }

    [Theory]
    [InlineData("[[1, 2], [4, 2], [64, 12]]", "[[1, 2]]", "1 entries")]
    [InlineData("[[1, 2], ", "[[2, 2], ", "rise from 1")]
    [InlineData("[64, 12]", "[4, 12]", "rise from 1")]
    [InlineData("[64, 12]", "[64, -1]", "target[2]")]
    [InlineData("[64, 12]", "[64]", "target[2]")]
    [InlineData("0.5", "-0.5", "speculators.static")]
    [InlineData("\"name\"", "\"nam\"", "nam")]
    public void A_table_that_is_wrong_is_refused_with_its_file(string found, string instead, string mention)
    {
        string message = Assert.Throws<RecipeException>(() => Table(Whole.Replace(found, instead, StringComparison.Ordinal))).Message;
        Assert.Contains(mention, message, StringComparison.Ordinal);
        Assert.Contains(".json", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_speculator_that_it_does_not_price_is_refused_by_name() =>
        Assert.Contains("learned", Assert.Throws<RecipeException>(() => Table(Whole).CostOf("learned")).Message, StringComparison.Ordinal);

    private static MachineTable Table(string json)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "table.json");
        File.WriteAllText(path, json);
        return MachineTable.Read(path);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Atlas.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
