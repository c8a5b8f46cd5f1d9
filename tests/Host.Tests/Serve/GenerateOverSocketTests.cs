using Atlas.Client;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>What comes through the socket is what <c>atlas generate</c> writes, whatever runs beside it.</summary>
public sealed class GenerateOverSocketTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const string Prompt = "Please add 482 and 77.\n>>>\n";

    [Theory]
    [InlineData("none")]
    [InlineData("static")]
    [InlineData("auto")]
    public async Task Streamed_tokens_are_those_of_generate(string speculator)
    {
        var expected = pair.Generate("--prompt", Prompt, "--max-tokens", "40", "--temperature", "0.8", "--top-p", "0.9", "--seed", "5", "--speculator", "none");
        await using var serving = await ServingPair.StartAsync(pair, speculator);
        await using var client = await serving.ConnectAsync();
        var stream = client.Stream(new GenerateParams { Prompt = Prompt, MaxTokens = 40, Temperature = 0.8f, TopP = 0.9f, Seed = 5 });
        var (tokens, text) = await Read(stream);
        Assert.Equal(expected.Tokens, tokens);
        Assert.Equal(expected.Text, text);
        Assert.Equal(expected.FinishReason, stream.Result.Choices[0].FinishReason);
    }

    [Fact]
    public async Task Tokens_are_the_same_bits_whatever_runs_beside_them()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        var alone = new List<GenerateResult>();
        for (int i = 0; i < 12; i++) alone.Add(await client.GenerateAsync(Request(i)));
        var together = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => client.GenerateAsync(Request(i))));
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(alone[i].Choices[0].Tokens.Span.ToArray(), together[i].Choices[0].Tokens.Span.ToArray());
            Assert.Equal(
                Enumerable.Range(0, alone[i].Choices[0].Logprobs.Count).Select(t => alone[i].Choices[0].Logprobs[t].Logprob),
                Enumerable.Range(0, together[i].Choices[0].Logprobs.Count).Select(t => together[i].Choices[0].Logprobs[t].Logprob));
        }
    }

    [Fact]
    public async Task A_prefix_of_the_namespace_is_computed_once_and_changes_no_token()
    {
        string system = string.Concat(Enumerable.Repeat("one two three four ", 12));
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        GenerateParams Ask(string name) => new() { Prompt = system + "five", MaxTokens = 12, Seed = 1, Temperature = 0.7f, Namespace = name, N = 3 };
        var first = await client.GenerateAsync(Ask("a"));
        var again = await client.GenerateAsync(Ask("a"));
        var other = await client.GenerateAsync(Ask("b"));
        // Its own samples share the prompt; the second time nobody reads it.
        Assert.Equal(2 * (first.PromptTokens - 1), first.CachedTokens);
        Assert.Equal(3 * (first.PromptTokens - 1), again.CachedTokens);
        Assert.Equal(first.CachedTokens, other.CachedTokens);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(first.Choices[i].Tokens.Span.ToArray(), again.Choices[i].Tokens.Span.ToArray());
            Assert.Equal(first.Choices[i].Tokens.Span.ToArray(), other.Choices[i].Tokens.Span.ToArray());
        }
        Assert.Equal(3, Enumerable.Range(0, 3).Select(i => string.Join(',', first.Choices[i].Tokens.Span.ToArray())).Distinct().Count());
    }

    [Fact]
    public async Task Logprobs_begin_with_the_best_alternative_and_do_not_depend_on_speculation()
    {
        List<List<(int Token, float Own, int[] Top)>> runs = [];
        foreach (string speculator in (string[])["none", "merged"])
        {
            await using var serving = await ServingPair.StartAsync(pair, speculator);
            await using var client = await serving.ConnectAsync();
            var result = await client.GenerateAsync(new GenerateParams { Prompt = Prompt, MaxTokens = 24, Logprobs = 3, IgnoreEnd = true });
            var logprobs = result.Choices[0].Logprobs;
            Assert.Equal(24, logprobs.Count);
            List<(int, float, int[])> run = [];
            for (int i = 0; i < logprobs.Count; i++)
            {
                Assert.Equal(logprobs[i].Token, logprobs[i].TopTokens[0]);
                Assert.Equal(logprobs[i].Logprob, logprobs[i].TopLogprobs[0], 1e-5f);
                run.Add((logprobs[i].Token, logprobs[i].Logprob, logprobs[i].TopTokens.Span.ToArray()));
            }
            runs.Add(run);
        }
        for (int i = 0; i < 24; i++)
        {
            Assert.Equal(runs[0][i].Token, runs[1][i].Token);
            Assert.Equal(runs[0][i].Own, runs[1][i].Own);
            Assert.Equal(runs[0][i].Top, runs[1][i].Top);
        }
    }

    [Fact]
    public async Task A_request_that_cannot_be_served_says_why()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        async Task<RpcError> Refused(GenerateParams parameters) => (await Assert.ThrowsAsync<RpcException>(() => client.GenerateAsync(parameters))).Error;
        Assert.Equal(RpcErrorCode.LimitExceeded, (await Refused(new GenerateParams { Prompt = Prompt, MaxTokens = 100_000 })).Code);
        Assert.Contains("temperature", (await Refused(new GenerateParams { Prompt = Prompt, Temperature = -1 })).Message);
        var beyond = new GenerateParams();
        beyond.Tokens.Add(pair.Config.VocabularySize);
        Assert.Equal("tokens", (await Refused(beyond)).Parameter);
        var empty = new GenerateParams { Prompt = Prompt };
        empty.Stop.Add("");
        Assert.Equal("stop", (await Refused(empty)).Parameter);
    }

    private static GenerateParams Request(int i) => new()
    {
        Prompt = string.Concat(Enumerable.Repeat("one two three ", 1 + (i % 4))),
        MaxTokens = 10 + (3 * i),
        Temperature = i % 3 == 0 ? 0 : 0.8f,
        TopK = i % 2 == 0 ? 0 : 40,
        FrequencyPenalty = i % 5 == 0 ? 0.3f : 0,
        Seed = (ulong)i,
        Logprobs = 0,
        Namespace = i % 2 == 0 ? "even" : "odd",
    };

    private static async Task<(List<int> Tokens, string Text)> Read(GenerationStream stream)
    {
        List<int> tokens = [];
        var text = new System.Text.StringBuilder();
        await foreach (var piece in stream)
        {
            tokens.AddRange(piece.Tokens);
            text.Append(piece.Text);
        }
        return (tokens, text.ToString());
    }
}
