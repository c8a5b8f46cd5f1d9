using Atlas.Client;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>Requests that end otherwise than by their last token: cancelled, left, refused, drained, forgotten.</summary>
public sealed class GenerationLifeTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public async Task Leaving_a_stream_cancels_the_generation()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        await foreach (var piece in client.Stream(Endless()))
            if (piece.Offset > 4)
                break;
        await Until(() => serving.Read("generate_requests_cancelled") == 1 && serving.Read("num_requests_running") == 0);
        Assert.Equal(8, (await client.GenerateAsync(Short())).CompletionTokens);
    }

    [Fact]
    public async Task A_cancelled_call_is_answered_as_cancelled_at_once()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var running = client.GenerateAsync(Endless(), cancellation.Token);
        await Until(() => serving.Read("num_requests_running") > 0);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Until(() => serving.Read("num_requests_running") == 0);
    }

    [Fact]
    public async Task Who_disconnects_takes_its_requests_along_and_nobody_elses()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        var leaving = await serving.ConnectAsync();
        await using var staying = await serving.ConnectAsync();
        var lost = Enumerable.Range(0, 4).Select(_ => leaving.GenerateAsync(Endless())).ToArray();
        await Until(() => serving.Read("num_requests_running") == 8);
        var kept = staying.GenerateAsync(Short());
        await leaving.DisposeAsync();
        foreach (var call in lost) await Assert.ThrowsAsync<RpcClosedException>(() => call);
        Assert.Equal(8, (await kept).CompletionTokens);
        await Until(() => serving.Read("num_requests_running") == 0 && serving.Read("generate_requests_cancelled") == 4);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_forgets_nothing()
    {
        await using var serving = await ServingPair.StartAsync(pair, batch: 1, waiting: 1);
        await using var client = await serving.ConnectAsync();
        var running = client.GenerateAsync(Short());
        var waiting = client.GenerateAsync(Short());
        var refused = new List<RpcException>();
        for (int i = 0; i < 20 && refused.Count == 0; i++)
        {
            var more = Enumerable.Range(0, 4).Select(_ => client.GenerateAsync(Short())).ToArray();
            foreach (var call in more)
            {
                try
                {
                    await call;
                }
                catch (RpcException e)
                {
                    refused.Add(e);
                }
            }
        }
        Assert.NotEmpty(refused);
        Assert.All(refused, error => Assert.Equal(RpcErrorCode.Overloaded, error.Code));
        Assert.Equal(8, (await running).CompletionTokens);
        Assert.Equal(8, (await waiting).CompletionTokens);
    }

    [Fact]
    public async Task Draining_finishes_what_runs_and_takes_nothing_new()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        var running = client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 200, IgnoreEnd = true });
        await Until(() => serving.Read("num_requests_running") + serving.Read("generate_requests_completed") == 1);
        var drained = client.DrainAsync(new DrainParams { DeadlineMs = 20_000 });
        Assert.Equal(200, (await running).CompletionTokens);
        Assert.Equal(0, (await drained).Cancelled);
        Assert.Equal(RpcErrorCode.Draining, (await Assert.ThrowsAsync<RpcException>(() => client.GenerateAsync(Short()))).Code);
    }

    [Fact]
    public async Task Draining_cancels_what_runs_at_the_deadline()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        var running = client.GenerateAsync(Endless());
        await Until(() => serving.Read("num_requests_running") > 0);
        Assert.Equal(1, (await client.DrainAsync(new DrainParams { DeadlineMs = 0 })).Cancelled);
        Assert.Equal(RpcErrorCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => running)).Code);
    }

    [Fact]
    public async Task Stopping_the_host_answers_what_runs_before_it_closes()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        var running = client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 200, IgnoreEnd = true });
        await Until(() => serving.Read("num_requests_running") + serving.Read("generate_requests_completed") == 1);
        var stopping = serving.StopAsync();
        Assert.Equal(200, (await running).CompletionTokens);
        await stopping;
        Assert.False(File.Exists(serving.Endpoint.Path));
    }

    [Fact]
    public async Task Forgetting_a_namespace_ends_what_runs_in_it_and_drops_what_was_kept()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        await client.GenerateAsync(Short("mine"));
        var others = client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 60, IgnoreEnd = true, Namespace = "other" });
        var mine = client.GenerateAsync(Endless("mine"));
        await Until(() => serving.Read("num_requests_running") >= 1);
        var forgotten = await client.ForgetAsync("mine");
        Assert.Equal(RpcErrorCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => mine)).Code);
        Assert.Equal(1, forgotten.Sessions);
        Assert.True(forgotten.Bytes > 0);
        Assert.Equal(60, (await others).CompletionTokens);
        Assert.Equal(0, (await client.ForgetAsync("mine")).Sessions);
        Assert.Equal(0, (await client.GenerateAsync(Short("mine"))).CachedTokens);
    }

    [Fact]
    public async Task Monitors_see_the_figures_over_http()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var client = await serving.ConnectAsync();
        await client.GenerateAsync(Short());
        using var http = new HttpClient { BaseAddress = new Uri(serving.HttpAddress) };
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative)));
        string metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("\natlas_generation_tokens 8\n", metrics);
        Assert.Contains("# TYPE atlas_num_requests_running gauge\n", metrics);
        Assert.Contains("# TYPE atlas_time_to_first_token_seconds histogram\n", metrics);
        Assert.Contains("\natlas_time_to_first_token_seconds_bucket{le=\"+Inf\"} 1\n", metrics);
        Assert.Contains("<title>Atlas</title>", await http.GetStringAsync(new Uri("/", UriKind.Relative)));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/elsewhere", UriKind.Relative))).StatusCode);
        Assert.Equal(8, (await client.StatsAsync()).Values["generation_tokens"]);
    }

    private static GenerateParams Short(string name = "") =>
        new() { Prompt = "one two three four one two three four one two three four one two three four", MaxTokens = 8, IgnoreEnd = true, Namespace = name };

    private static GenerateParams Endless(string name = "") => new()
    {
        // Many samples: a tiny model writes one of them in no time.
        Prompt = "one two",
        MaxTokens = 480,
        N = 12,
        IgnoreEnd = true,
        Namespace = name,
        Temperature = 1,
    };

    private static async Task Until(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds()) await Task.Delay(2, limit.Token);
    }
}
