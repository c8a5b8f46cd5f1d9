using System.Globalization;
using System.Text.Json;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary>The page at <c>/</c>, looked at in a browser while the service works.</summary>
public sealed class DashboardTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Tiles = "Object.fromEntries([...document.querySelectorAll('.tile')].map(tile => [tile.firstChild.data, tile.lastChild.textContent]))";
    private const string Rows = "Object.fromEntries([...document.querySelectorAll('#all tr')].map(row => [...row.cells].map(cell => cell.textContent)))";

    [ChromiumFact]
    [Trait("Speed", "slow")]
    public async Task It_shows_what_the_service_does_and_that_it_is_gone()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        await using var page = await ChromiumPage.OpenAsync(serving.HttpAddress);
        await page.UntilAsync("document.querySelectorAll('.tile').length > 0", "document.body.textContent");
        var idle = Texts(await page.EvaluateAsync(Tiles));
        Assert.Equal(("-", "-", "0", "0"), (idle["acceptance length"], idle["lookahead"], idle["running"], idle["accepted tokens/s"]));

        Assert.Equal("-", idle["first token, ms p50 / p99"]);

        // It works until the page has seen it at work.
        int requests = 0;
        do
        {
            await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 200, N = 4, IgnoreEnd = true, Namespace = "shown" });
            requests++;
        }
        while (!(await page.EvaluateAsync("document.getElementById('line').getAttribute('points').split(' ').some(point => Number(point.split(',')[1]) < 50)")).GetBoolean());

        double accepted = serving.Read("spec_decode_num_accepted_tokens"), drafted = serving.Read("spec_decode_num_draft_tokens"), drafts = serving.Read("spec_decode_num_drafts");
        Assert.True(accepted > 0);
        double published = serving.Read("trainer_published");
        await page.UntilAsync($"({Rows}).atlas_generation_tokens === '{requests * 800}' && ({Tiles})['accepted tokens/s'] === '0'", Rows);
        var tiles = Texts(await page.EvaluateAsync(Tiles));
        Assert.Equal(Fixed(1 + (accepted / drafts)), tiles["acceptance length"]);
        Assert.Equal(Fixed(accepted / drafted), tiles["acceptance rate"]);
        Assert.Equal(Fixed(drafted / drafts), tiles["lookahead"]);
        Assert.Equal(("0", "0"), (tiles["running"], tiles["waiting"]));
        Assert.Equal(serving.Read("drift_events").ToString(CultureInfo.InvariantCulture), tiles["drift events"]);
        // Learning goes on.
        Assert.InRange(double.Parse(tiles["versions published"], CultureInfo.InvariantCulture), published, serving.Read("trainer_published"));
        Assert.Equal(Fixed(serving.Read("gain_over_plain")), tiles["goodput over plain"]);
        Assert.Matches("^(≤ [0-9.]+|more) / (≤ [0-9.]+|more)$", tiles["first token, ms p50 / p99"]);
        Assert.Matches("^(≤ [0-9.]+|more) / (≤ [0-9.]+|more)$", tiles["next token, ms p50 / p99"]);
        // Every speculator, and all of their draft tokens.
        int shares = tiles.Where(tile => tile.Key.StartsWith("drafted by ", StringComparison.Ordinal)).Sum(tile => int.Parse(tile.Value.Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.InRange(shares, 98, 102);
        Assert.Equal($"{requests * 800}", Texts(await page.EvaluateAsync(Rows))["atlas_namespace_tokens{namespace=\"shown\"}"]);

        await serving.StopAsync();
        await page.UntilAsync("document.getElementById('tiles').textContent === 'the service does not answer'", Tiles);
        Assert.Empty(page.Exceptions);
    }

    private static Dictionary<string, string> Texts(JsonElement texts) => texts.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString()!);

    // As JavaScript's toFixed(2), which rounds the double's own value to the nearest; a tie does not come from counts like these.
    private static string Fixed(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
