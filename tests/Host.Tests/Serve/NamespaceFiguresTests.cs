using Atlas.Host.Service.Metrics;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Tests.Serve;

/// <summary>Figures of single namespaces: of <c>stats</c>, and of <c>/metrics</c>.</summary>
public sealed class NamespaceFiguresTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public async Task Each_namespace_of_generation_has_its_own()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 9, IgnoreEnd = true, Namespace = "a\"b" });
        var mine = await client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 20, N = 2, IgnoreEnd = true, Namespace = "mine" });
        var values = (await client.StatsAsync("mine")).Values;
        Assert.Equal((2, 40), (values["requests"], values["tokens"]));
        Assert.Equal(mine.TargetForwards, values["spec_decode_num_drafts"]);
        Assert.Equal((mine.DraftedTokens, mine.AcceptedTokens), (values["spec_decode_num_draft_tokens"], values["spec_decode_num_accepted_tokens"]));
        Assert.Equal(0, (await client.StatsAsync("unheard of")).Values["tokens"]);
        using var http = new HttpClient { BaseAddress = new Uri(serving.HttpAddress) };
        string metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("\natlas_namespace_tokens{namespace=\"mine\"} 40\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\natlas_namespace_tokens{namespace=\"a\\\"b\"} 9\n", metrics, StringComparison.Ordinal);
        await client.ForgetAsync("mine");
        Assert.Equal(0, (await client.StatsAsync("mine")).Values["tokens"]);
    }

    [Fact]
    public async Task Each_namespace_of_a_sidecar_has_its_own()
    {
        int[] text = [.. Enumerable.Range(0, 200).Select(position => 10 + (position * 7 % 20))];
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, text[..80], "mine"));
        var (accepted, _) = await GreedyServer.ServeAsync(client, 1, text, 80);
        var values = (await client.StatsAsync("mine")).Values;
        Assert.Equal((0, 120), (values["requests"], values["tokens"]));
        // Drafts may go beyond the text's end.
        Assert.InRange(values["spec_decode_num_accepted_tokens"], accepted, accepted + 4);
        await client.CloseAsync(new CloseParams { Session = 1 });
        Assert.Equal(1, (await client.StatsAsync("mine")).Values["requests"]);
        Assert.Equal(0, (await client.StatsAsync("other")).Values["tokens"]);
    }

    [Fact]
    public void The_namespaces_used_last_are_kept()
    {
        var figures = new NamespaceFigures(2);
        figures.Of("a").End();
        figures.Of("b").End();
        figures.Of("a").End();
        figures.Of("c").End();
        Assert.Equal([2, 0, 1], ((string[])["a", "b", "c"]).Select(name => figures.Read(name).First(figure => figure.Key == "requests").Value));
    }
}
