using Atlas.Client;
using Atlas.Host.Service;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Tests.Serve;

/// <summary>A server that runs its own target and asks the sidecar for drafts, over a socket.</summary>
public sealed class SidecarTests
{
    // What the server's target writes: the same twenty tokens over and over.
    private static int Truth(int position) => 10 + (position * 7 % 20);

    private static int[] Truth(int from, int count) => [.. Enumerable.Range(from, count).Select(position => Truth(position))];

    [Theory]
    [InlineData("auto")]
    [InlineData("suffix")]
    [InlineData("learned")]
    public async Task A_text_that_repeats_is_drafted(string speculator)
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, Truth(0, 60), speculator: speculator));
        var (accepted, calls) = await Serve(client, 1, 60, 200);
        Assert.True(accepted > 3 * calls / 2, $"{accepted} accepted in {calls} calls");
        Assert.Equal(200, serving.Read("sidecar_committed_tokens"));
    }

    [Fact]
    public async Task Nobody_drafts_for_a_session_that_wants_nobody()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, Truth(0, 60), speculator: "none"));
        Assert.Equal((0, 50), await Serve(client, 1, 60, 50));
    }

    [Fact]
    public async Task Most_answers_are_ready_when_the_server_takes_its_time()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, Truth(0, 60)));
        int position = 60;
        for (int step = 0; step < 20; step++)
        {
            var draft = await ServingSidecar.DraftAsync(client, 1, position, Truth(position, 2), budget: 1);
            position += 2;
            Assert.Equal(position, draft.Position);
            await Task.Delay(20);
        }
        Assert.True(serving.Read("sidecar_drafts_ready") >= 10, $"{serving.Read("sidecar_drafts_ready")} of 20 were ready");
    }

    [Fact]
    public async Task A_wrong_base_is_refused_without_harm()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, [1, 2, 3]));
        var first = await ServingSidecar.DraftAsync(client, 1, 3, [4, 5]);
        Assert.Equal((DraftStatus.Ok, 5L), (first.Status, first.Position));
        var twice = await ServingSidecar.DraftAsync(client, 1, 3, [4, 5]);
        Assert.Equal((DraftStatus.StalePosition, 5L, 0), (twice.Status, twice.Position, twice.Tokens.Count));
        var gap = await ServingSidecar.DraftAsync(client, 1, 9, [4]);
        Assert.Equal((DraftStatus.PositionGap, 5L), (gap.Status, gap.Position));
        var unknown = await ServingSidecar.DraftAsync(client, 2, 0, [4]);
        Assert.Equal((DraftStatus.UnknownSession, 0L), (unknown.Status, unknown.Position));

        var stale = new SequenceUpdate { Session = 1, Base = 4 };
        stale.Tokens.Add(9);
        var error = (await Assert.ThrowsAsync<RpcException>(() => client.CommitAsync(stale))).Error;
        Assert.Equal((RpcErrorCode.StalePosition, "base", 5L), (error.Code, error.Parameter, error.Position));
        stale.Base = 5;
        Assert.Equal(6, (await client.CommitAsync(stale)).Position);
        Assert.Equal(6, (await client.CloseAsync(new CloseParams { Session = 1 })).Position);
        Assert.Equal(RpcErrorCode.UnknownSession, (await Assert.ThrowsAsync<RpcException>(() => client.CommitAsync(stale))).Code);
    }

    [Fact]
    public async Task Limits_are_refused_with_their_names()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        for (int i = 0; i < 16; i++) await client.OpenAsync(ServingSidecar.Open(i, [1]));
        Assert.Equal(RpcErrorCode.LimitExceeded, (await Assert.ThrowsAsync<RpcException>(() => client.OpenAsync(ServingSidecar.Open(16, [1])))).Code);
        await client.CloseAsync(new CloseParams { Session = 3 });
        Assert.Equal(RpcErrorCode.SessionExists, (await Assert.ThrowsAsync<RpcException>(() => client.OpenAsync(ServingSidecar.Open(4, [1])))).Code);
        var outside = (await Assert.ThrowsAsync<RpcException>(() => ServingSidecar.DraftAsync(client, 4, 1, [ServingSidecar.Vocabulary]))).Error;
        Assert.Equal((RpcErrorCode.InvalidParams, "sequences[0].tokens"), (outside.Code, outside.Parameter));
        var longer = await ServingSidecar.DraftAsync(client, 4, 1, new int[4096]);
        Assert.Equal((DraftStatus.LimitExceeded, 1L), (longer.Status, longer.Position));
        var twice = new DraftParams();
        for (int i = 0; i < 2; i++) twice.Sequences.Add().Session = 5;
        Assert.Contains("sequences[1].session", (await Assert.ThrowsAsync<RpcException>(() => client.DraftAsync(twice, new DraftResult()).AsTask())).Message);
    }

    [Fact]
    public async Task Sessions_of_a_connection_end_with_it()
    {
        await using var serving = await ServingSidecar.StartAsync();
        var leaving = await serving.ConnectAsync();
        await using var staying = await serving.ConnectAsync();
        await leaving.OpenAsync(ServingSidecar.Open(1, [1, 2]));
        await staying.OpenAsync(ServingSidecar.Open(1, [3, 4]));
        await leaving.DisposeAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (serving.Read("sidecar_sessions") != 1) await Task.Delay(2, limit.Token);
        Assert.Equal(2, (await staying.CloseAsync(new CloseParams { Session = 1 })).Position);
    }

    [Fact]
    public async Task Namespaces_share_nothing_and_a_forgotten_one_knows_nothing()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, Truth(0, 80), "mine"));
        await client.CloseAsync(new CloseParams { Session = 1 });
        Assert.True(await Knows(client, 2, "mine"));
        Assert.False(await Knows(client, 3, "other"));
        await client.OpenAsync(ServingSidecar.Open(4, [1], "mine"));
        var forgotten = await client.ForgetAsync("mine");
        // Sessions 2 and 4; the other namespace's goes on.
        Assert.Equal(2, forgotten.Sessions);
        Assert.True(forgotten.Bytes > 0);
        Assert.False(await Knows(client, 5, "mine"));
        Assert.Equal(4, (await client.CloseAsync(new CloseParams { Session = 3 })).Position);
    }

    [Fact]
    public async Task A_deadline_that_cannot_be_met_gives_an_empty_draft_and_commits()
    {
        await using var serving = await ServingSidecar.StartAsync();
        await using var client = await serving.ConnectAsync();
        await client.OpenAsync(ServingSidecar.Open(1, Truth(0, 60)));
        // Nothing was drafted ahead yet, and nothing is done within a microsecond.
        var draft = await ServingSidecar.DraftAsync(client, 1, 60, Truth(60, 1), deadline: 1);
        Assert.Equal((DraftStatus.Deadline, 61L, 0), (draft.Status, draft.Position, draft.Tokens.Count));
        Assert.Equal(1, serving.Read("sidecar_deadlines_missed"));
        Assert.True((await ServingSidecar.DraftAsync(client, 1, 61, Truth(61, 1))).Tokens.Count > 0);
    }

    [Fact]
    public async Task What_was_learned_is_saved_where_a_directory_is_given()
    {
        using var scratch = new Scratch();
        await using (var serving = await ServingSidecar.StartAsync())
        {
            await using var nowhere = await serving.ConnectAsync();
            Assert.Equal(RpcErrorCode.NotSupported, (await Assert.ThrowsAsync<RpcException>(() => nowhere.CheckpointAsync())).Code);
            Assert.Equal(1, (await nowhere.WeightsUpdatedAsync(new WeightsUpdatedParams { Fingerprint = "step-1" })).Generation);
            Assert.Equal(2, (await nowhere.WeightsUpdatedAsync(new WeightsUpdatedParams())).Generation);
            var path = new WeightsUpdatedParams { Path = "/elsewhere" };
            Assert.Equal(RpcErrorCode.NotSupported, (await Assert.ThrowsAsync<RpcException>(() => nowhere.WeightsUpdatedAsync(path))).Code);
            Assert.Equal(RpcErrorCode.NotSupported, (await Assert.ThrowsAsync<RpcException>(() => nowhere.GenerateAsync(new GenerateParams { Prompt = "a" }))).Code);
        }
        await using (var saving = await ServingSidecar.StartAsync(ServingSidecar.Settings(scratch.Path)))
        {
            await using var client = await saving.ConnectAsync();
            foreach (string name in (string[])["mine", "gone"])
            {
                await client.OpenAsync(ServingSidecar.Open(1, Truth(0, 80), name));
                await client.CloseAsync(new CloseParams { Session = 1 });
            }
            Assert.Equal(Path.GetFullPath(scratch.Path), (await client.CheckpointAsync()).Path);
            await client.ForgetAsync("gone");
        }
        await using var restarted = await ServingSidecar.StartAsync(ServingSidecar.Settings(scratch.Path));
        await using var next = await restarted.ConnectAsync();
        Assert.True(await Knows(next, 1, "mine"));
        Assert.False(await Knows(next, 2, "gone"));
        Assert.Equal(0, restarted.Read("trainer_faults"));
    }

    [Fact]
    public void What_was_learned_of_another_vocabulary_is_refused()
    {
        using var scratch = new Scratch();
        var settings = ServingSidecar.Settings(scratch.Path);
        using (var sidecar = new SidecarService(settings))
        {
            var peer = new ServicePeer(new RpcConnection(Stream.Null, new ServiceDispatcher(ServiceBuilder.Service(null, sidecar, new MetricSet(), new AccessSettings(null, 1 << 20)))));
            sidecar.Open(peer, ServingSidecar.Open(1, Truth(0, 80)));
            sidecar.Close(peer, new CloseParams { Session = 1 });
        }
        Assert.Contains("another target or tokenizer", Assert.Throws<CheckpointException>(() => new SidecarService(settings with { VocabularySize = 60 })).Message, StringComparison.Ordinal);
    }

    private static Task<(int Accepted, int Calls)> Serve(AtlasClient client, long session, int position, int tokens) =>
        GreedyServer.ServeAsync(client, session, Truth(0, position + tokens), position);

    // Whether the namespace's texts continue one that begins like them; a text of its own is too short to.
    private static async Task<bool> Knows(AtlasClient client, long session, string name)
    {
        await client.OpenAsync(ServingSidecar.Open(session, Truth(0, 3), name, "suffix"));
        var draft = await ServingSidecar.DraftAsync(client, session, 3, Truth(3, 1));
        return draft.Tokens.Count > 0 && draft.Tokens[0] == Truth(4);
    }
}
