using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>The service's own target gets other weights while it serves.</summary>
public sealed class WeightsUpdatedTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Prompt = "one two three four one two three four one two three four one two three four";

    [Fact]
    public async Task What_comes_afterwards_is_the_new_targets_and_what_ran_is_the_old_ones()
    {
        string changed = pair.Write("changed", pair.Config, noise: 1f);
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        var before = await client.GenerateAsync(Ask());
        Assert.Equal(Tokens(pair.Target), before.Choices[0].Tokens.Span.ToArray());
        var running = client.GenerateAsync(Ask(300));
        while (serving.Read("num_requests_running") + serving.Read("generate_requests_completed") < 2) await Task.Delay(1);
        var updating = client.WeightsUpdatedAsync(new WeightsUpdatedParams { Path = changed, Fingerprint = "step-1" });
        Assert.Equal(Tokens(pair.Target, 300), (await running).Choices[0].Tokens.Span.ToArray());
        Assert.Equal(1, (await updating).Generation);
        var after = await client.GenerateAsync(Ask());
        Assert.Equal(Tokens(changed), after.Choices[0].Tokens.Span.ToArray());
        Assert.NotEqual(before.Choices[0].Tokens.Span.ToArray(), after.Choices[0].Tokens.Span.ToArray());
        // What the old weights had computed is of no use.
        Assert.Equal(0, after.CachedTokens);
        Assert.Equal("step-1", (await client.HelloAsync()).Fingerprint);
        Assert.Equal(2, (await client.WeightsUpdatedAsync(new WeightsUpdatedParams { Path = pair.Target })).Generation);
        Assert.Equal(Tokens(pair.Target), (await client.GenerateAsync(Ask())).Choices[0].Tokens.Span.ToArray());
    }

    [Fact]
    public async Task Weights_that_do_not_fit_are_refused_and_the_old_ones_stay()
    {
        string other = pair.Write("other", pair.Config with { Layers = 1 });
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        async Task<RpcError> Refused(string path) =>
            (await Assert.ThrowsAsync<RpcException>(() => client.WeightsUpdatedAsync(new WeightsUpdatedParams { Path = path }))).Error;
        Assert.Equal((RpcErrorCode.MissingParameter, "path"), ((await Refused("")).Code, (await Refused("")).Parameter));
        Assert.Contains("/not/there", (await Refused("/not/there")).Message, StringComparison.Ordinal);
        Assert.Contains("same shape", (await Refused(other)).Message, StringComparison.Ordinal);
        Assert.Equal(Tokens(pair.Target), (await client.GenerateAsync(Ask())).Choices[0].Tokens.Span.ToArray());
    }

    private static GenerateParams Ask(int tokens = 24) => new() { Prompt = Prompt, MaxTokens = tokens, IgnoreEnd = true };

    private static int[] Tokens(string target, int tokens = 24) => new Completion(AtlasProgram.Run(
        "generate", "--target", target, "--threads", "1", "--json", "--prompt", Prompt, "--max-tokens", $"{tokens}", "--ignore-end", "--speculator", "none").Json).Tokens;
}
