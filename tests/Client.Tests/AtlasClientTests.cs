using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Tests.Serving;

namespace Atlas.Client.Tests;

public sealed class AtlasClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_method_reaches_the_service_and_its_answer_comes_back(bool tcp)
    {
        await using var host = await ServiceHost.StartAsync(tcp);
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint);
        Assert.Equal(("atlas", "fake", 1), (client.Service.Server, client.Service.Target, client.Generation));
        Assert.Equal("0.1", (await client.HelloAsync()).Version);

        var open = new OpenParams { Session = 1, Namespace = "tenant" };
        open.Tokens.Set([1, 2, 3]);
        Assert.Equal(3, (await client.OpenAsync(open)).Position);
        var draft = new DraftParams();
        SequenceUpdate update = draft.Sequences.Add();
        update.Session = 1;
        update.Base = 3;
        update.Budget = 2;
        update.Tokens.Set([10]);
        var result = new DraftResult();
        await client.DraftAsync(draft, result);
        Assert.Equal([11, 12], result.Sequences[0].Tokens.Span.ToArray());
        Assert.Equal([0.5f, 0.25f], result.Sequences[0].Confidence.Span.ToArray());
        var commit = new SequenceUpdate { Session = 1, Base = 4 };
        commit.Tokens.Set([11, 12]);
        Assert.Equal(6, (await client.CommitAsync(commit)).Position);
        var stale = await Assert.ThrowsAsync<RpcException>(() => client.CommitAsync(commit));
        Assert.Equal((RpcErrorCode.StalePosition, 6), (stale.Code, stale.Error.Position));
        Assert.Equal(1, (await client.StatsAsync()).Values["sessions"]);
        Assert.Equal(6, (await client.CloseAsync(new CloseParams { Session = 1 })).Position);
        Assert.Equal(RpcErrorCode.UnknownSession, (await Assert.ThrowsAsync<RpcException>(() => client.CloseAsync(new CloseParams { Session = 1 }))).Code);

        Assert.Equal(1, (await client.WeightsUpdatedAsync(new WeightsUpdatedParams { Fingerprint = "v2" })).Generation);
        ForgetResult forgotten = await client.ForgetAsync("tenant");
        Assert.Equal((2, 1L << 40), (forgotten.Sessions, forgotten.Bytes));
        Assert.Equal(7, (await client.CheckpointAsync()).Version);
        Assert.Equal(9, (await client.DrainAsync(new DrainParams { DeadlineMs = 9 })).Cancelled);
        Assert.Equal(["weights v2", "forget tenant"], host.Service.Log);
    }

    [Fact]
    public async Task A_generation_comes_whole()
    {
        await using var host = await ServiceHost.StartAsync();
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint);
        GenerateResult result = await client.GenerateAsync(new GenerateParams { Prompt = "four", MaxTokens = 3, N = 2, Seed = ulong.MaxValue });
        Assert.Equal((2, ulong.MaxValue, 4, 6), (result.Choices.Count, result.Seed!.Value, result.PromptTokens, result.CompletionTokens));
        Assert.Equal(("4 5 6 ", "length", 1), (result.Choices[1].Text, result.Choices[1].FinishReason, result.Choices[1].Index));
        Assert.Equal([4, 5, 6], result.Choices[1].Tokens.Span.ToArray());
    }

    [Fact]
    public async Task Streams_run_beside_one_another_and_lose_nothing()
    {
        await using var host = await ServiceHost.StartAsync();
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint);
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async length =>
        {
            var stream = client.Stream(new GenerateParams { Prompt = new string('x', length), MaxTokens = 200, N = 2, Logprobs = 0 });
            var tokens = new List<int>[] { [], [] };
            string text = "";
            await foreach (GenerationPiece piece in stream)
            {
                tokens[piece.Index].AddRange(piece.Tokens);
                Assert.Equal(piece.Tokens.Count, piece.Logprobs.Count);
                if (piece.Index == 1) text += piece.Text;
            }
            Assert.All(tokens, t => Assert.Equal(Enumerable.Range(length, 200), t));
            Assert.Equal(string.Concat(Enumerable.Range(length, 200).Select(i => $"{i} ")), text);
            Assert.Equal(400, stream.Result.CompletionTokens);
        })).WaitAsync(Patience);
    }

    [Fact]
    public async Task Leaving_a_stream_early_cancels_the_generation()
    {
        await using var host = await ServiceHost.StartAsync();
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint);
        var stream = client.Stream(new GenerateParams { Prompt = "x", MaxTokens = 100_000 });
        await foreach (GenerationPiece piece in stream)
        {
            if (piece.Offset > 20) break;
        }
        Assert.Throws<InvalidOperationException>(() => stream.Result);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.GetAsyncEnumerator().MoveNextAsync());
        // The next one is served as ever, pieces of the first that still come notwithstanding.
        Assert.Equal(5, (await client.GenerateAsync(new GenerateParams { Prompt = "x", MaxTokens = 5 }).WaitAsync(Patience)).CompletionTokens);
    }

    [Fact]
    public async Task A_cancelled_generation_ends_at_the_service_too()
    {
        var service = new FakeService();
        await using var host = await ServiceHost.StartAsync(service: service);
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint);
        using var cancellation = new CancellationTokenSource();
        Task<GenerateResult> running = client.GenerateAsync(new GenerateParams { Prompt = "hang" }, cancellation.Token);
        await client.StatsAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        using var second = new CancellationTokenSource();
        var stream = client.Stream(new GenerateParams { Prompt = "hang" });
        ValueTask<bool> moving = stream.GetAsyncEnumerator(second.Token).MoveNextAsync();
        await client.StatsAsync();
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await moving);
        await client.StatsAsync();
    }

    [Fact]
    public async Task A_failing_generation_says_how()
    {
        await using var host = await ServiceHost.StartAsync();
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint);
        var e = await Assert.ThrowsAsync<RpcException>(() => client.GenerateAsync(new GenerateParams { Prompt = "break" }));
        Assert.Equal((RpcErrorCode.Internal, "the engine broke"), (e.Code, e.Error.Message));
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (GenerationPiece _ in client.Stream(new GenerateParams { Prompt = "break" })) Assert.Fail("no piece was due");
        });
        Assert.Equal("n", (await Assert.ThrowsAsync<RpcException>(() => client.GenerateAsync(new GenerateParams { Prompt = "x", N = 0 }))).Error.Parameter);
    }

    [Fact]
    public async Task A_lost_connection_fails_what_is_under_way_and_the_next_call_connects_again()
    {
        await using var host = await ServiceHost.StartAsync();
        await using var client = await AtlasClient.ConnectAsync(
            host.Endpoint, new AtlasClientOptions { Reconnect = new ReconnectPolicy { Attempts = 50, FirstPause = TimeSpan.FromMilliseconds(10), LongestPause = TimeSpan.FromMilliseconds(100) } });
        await client.OpenAsync(new OpenParams { Session = 1 });
        Task<GenerateResult> running = client.GenerateAsync(new GenerateParams { Prompt = "hang" });
        await client.StatsAsync();
        await host.StopAsync();
        await Assert.ThrowsAsync<RpcClosedException>(() => running.WaitAsync(Patience));
        Task<StatsResult> next = client.StatsAsync();
        await Assert.ThrowsAsync<RpcClosedException>(async () => await client.DraftAsync(new DraftParams(), new DraftResult()));
        await Task.Delay(50);
        await host.StartAsync();
        // The session went with the first connection.
        Assert.Equal(0, (await next.WaitAsync(Patience)).Values["sessions"]);
        Assert.Equal(2, client.Generation);
    }

    [Fact]
    public async Task Without_a_policy_to_reconnect_a_lost_connection_stays_lost()
    {
        await using var host = await ServiceHost.StartAsync();
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint, new AtlasClientOptions { Reconnect = ReconnectPolicy.Never });
        await host.StopAsync();
        while (client.IsConnected) await Task.Delay(10);
        await host.StartAsync();
        Assert.Contains("policy", (await Assert.ThrowsAsync<RpcClosedException>(() => client.StatsAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_connecting_says_where()
    {
        var nowhere = RpcEndpoint.Unix("/nonexistent/atlas.sock");
        var e = await Assert.ThrowsAsync<RpcClosedException>(() => AtlasClient.ConnectAsync(nowhere));
        Assert.StartsWith("cannot connect to unix:/nonexistent/atlas.sock: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_opens_a_service_that_demands_one()
    {
        await using var host = await ServiceHost.StartAsync(service: new FakeService { Token = "secret" }, requireHello: true);
        var e = await Assert.ThrowsAsync<RpcException>(() => AtlasClient.ConnectAsync(host.Endpoint));
        Assert.Equal(RpcErrorCode.Unauthorized, e.Code);
        await using var client = await AtlasClient.ConnectAsync(host.Endpoint, new AtlasClientOptions { Token = "secret" });
        await client.StatsAsync();
    }

    [Fact]
    public void Pauses_double_up_to_the_longest()
    {
        var policy = new ReconnectPolicy { FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(5) };
        Assert.Equal([0, 1, 2, 4, 5, 5], Enumerable.Range(0, 6).Select(i => (int)policy.PauseBefore(i).TotalSeconds));
        Assert.Equal(5, policy.PauseBefore(5000).TotalSeconds);
    }
}
