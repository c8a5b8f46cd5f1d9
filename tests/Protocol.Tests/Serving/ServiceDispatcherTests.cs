using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;
using Atlas.Protocol.Tests.Rpc;

namespace Atlas.Protocol.Tests.Serving;

public sealed class ServiceDispatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Open_and_draft_may_be_sent_without_waiting_between()
    {
        await using var host = await Running.StartAsync(new FakeService());
        var opened = new PositionResult();
        var drafted = new DraftResult();
        var open = new OpenParams { Session = 3 };
        open.Tokens.Set([1, 2]);
        var draft = new DraftParams();
        SequenceUpdate update = draft.Sequences.Add();
        update.Session = 3;
        update.Base = 2;
        update.Budget = 2;
        update.Tokens.Set([50]);
        ValueTask first = host.Client.CallAsync(RpcMethods.Open, open, opened);
        ValueTask second = host.Client.CallAsync(RpcMethods.Draft, draft, drafted);
        await first;
        await second;
        Assert.Equal(2, opened.Position);
        Assert.Equal([51, 52], drafted.Sequences[0].Tokens.Span.ToArray());
        Assert.Equal((3, "suffix"), (drafted.Sequences[0].Position, drafted.Sequences[0].Speculator));
    }

    [Fact]
    public async Task Each_sequence_of_a_batch_has_its_own_status()
    {
        await using var host = await Running.StartAsync(new FakeService());
        await host.Client.CallAsync(RpcMethods.Open, new OpenParams { Session = 0 }, null);
        var draft = new DraftParams();
        foreach (var (session, position) in new[] { (0, 0), (0, 0), (0, 9), (8, 0) })
        {
            SequenceUpdate update = draft.Sequences.Add();
            update.Session = session;
            update.Base = position;
            update.Tokens.Set([5]);
        }
        var result = new DraftResult();
        await host.Client.CallAsync(RpcMethods.Draft, draft, result);
        Assert.Equal(
            [DraftStatus.Ok, DraftStatus.StalePosition, DraftStatus.PositionGap, DraftStatus.UnknownSession],
            Enumerable.Range(0, 4).Select(i => result.Sequences[i].Status));
        Assert.Equal([1, 1, 1, 0], Enumerable.Range(0, 4).Select(i => result.Sequences[i].Position));
    }

    [Fact]
    public async Task A_draft_that_waits_is_answered_when_it_is_done_and_others_pass_it()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await Running.StartAsync(new FakeService { DraftGate = gate.Task });
        var results = new DraftResult[10];
        var calls = new List<Task>();
        for (int i = 0; i < results.Length; i++) calls.Add(host.Client.CallAsync(RpcMethods.Draft, new DraftParams(), results[i] = new DraftResult()).AsTask());
        await host.Client.CallAsync(RpcMethods.Stats, null, null);
        Assert.DoesNotContain(calls, c => c.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(calls).WaitAsync(Patience);
    }

    [Fact]
    public async Task What_comes_behind_a_drafts_answer_does_not_hold_it_up()
    {
        using var arrived = new ManualResetEventSlim();
        var waited = new List<bool>();
        await using var host = await Running.StartAsync(new FakeService { DraftAnswered = () => waited.Add(arrived.Wait(Patience)) });
        await host.Client.CallAsync(RpcMethods.Draft, new DraftParams(), new DraftResult());
        arrived.Set();
        await FaultAsync(host, RpcMethods.Draft, "80");
        Assert.Equal([true], waited);
    }

    [Trait("Codec", "own")]
    [Fact]
    public async Task Faults_name_the_parameter_with_its_path()
    {
        await using var host = await Running.StartAsync(new FakeService());
        var missing = await FaultAsync(host, RpcMethods.Draft, "81a973657175656e636573" + "92" + "82a773657373696f6e00a46261736500" + "81a773657373696f6e00");
        Assert.Equal((RpcErrorCode.MissingParameter, "sequences[1].base", "sequences[1].base is missing"), (missing.Code, missing.Parameter, missing.Message));
        var wrong = await FaultAsync(host, RpcMethods.Draft, "81a973657175656e636573" + "91" + "81a773657373696f6ea178");
        Assert.Equal((RpcErrorCode.InvalidParams, "sequences[0].session"), (wrong.Code, wrong.Parameter));
        Assert.Equal("sequences[0].session: met fixstr (0xa1); expected a number", wrong.Message);
        Assert.Equal("session", (await FaultAsync(host, RpcMethods.Open, "80")).Parameter);
        Assert.Equal(RpcErrorCode.InvalidParams, (await FaultAsync(host, RpcMethods.Open, "05")).Code);
        Assert.Equal("class", (await FaultAsync(host, RpcMethods.Open, "82a773657373696f6e00a5636c617373a178")).Parameter);
        // Empty parameters in other shapes are an empty map.
        Assert.Equal("session", (await FaultAsync(host, RpcMethods.Open, "90")).Parameter);
        Assert.Equal("session", (await FaultAsync(host, RpcMethods.Open, "c0")).Parameter);
    }

    [Fact]
    public async Task Unknown_methods_are_named_with_those_there_are()
    {
        await using var host = await Running.StartAsync(new FakeService());
        RpcError error = await FaultAsync(host, "drat", "80");
        Assert.Equal(RpcErrorCode.UnknownMethod, error.Code);
        Assert.StartsWith("no method 'drat'; expected draft, commit, open", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generations_are_cancelled_by_their_request_number()
    {
        await using var host = await Running.StartAsync(new FakeService());
        var parameters = new GenerateParams { Prompt = "hang", Request = 4 };
        Task running = host.Client.CallAsync(RpcMethods.Generate, parameters, new GenerateResult()).AsTask();
        RpcError twice = (await Assert.ThrowsAsync<RpcException>(async () => await host.Client.CallAsync(RpcMethods.Generate, parameters, null))).Error;
        Assert.Equal("request", twice.Parameter);
        var cancelled = new CancelResult();
        await host.Client.CallAsync(RpcMethods.Cancel, new CancelParams { Request = 5 }, cancelled);
        Assert.False(cancelled.Cancelled);
        await host.Client.CallAsync(RpcMethods.Cancel, new CancelParams { Request = 4 }, cancelled);
        Assert.True(cancelled.Cancelled);
        Assert.Equal(RpcErrorCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => running.WaitAsync(Patience))).Code);
        await host.Client.CallAsync(RpcMethods.Cancel, new CancelParams { Request = 4 }, cancelled);
        Assert.False(cancelled.Cancelled);
    }

    [Fact]
    public async Task Notifications_are_carried_out_and_not_answered()
    {
        var service = new FakeService();
        await using var host = await Running.StartAsync(service);
        host.Client.Notify(RpcMethods.WeightsUpdated, new WeightsUpdatedParams { Fingerprint = "w2" });
        host.Client.Notify(RpcMethods.Forget, null); // its parameter is missing
        host.Client.Notify("nothing", null);
        await host.Client.CallAsync(RpcMethods.Stats, null, null);
        Assert.Equal(["weights w2"], service.Log);
    }

    [Fact]
    public async Task Where_hello_is_required_it_comes_first_with_the_token()
    {
        await using var host = await Running.StartAsync(new FakeService { Token = "secret" }, new ServiceOptions { RequireHello = true });
        Assert.Equal(RpcErrorCode.Unauthorized, (await FaultAsync(host, RpcMethods.Stats, "80")).Code);
        Assert.Equal(RpcErrorCode.Unauthorized, (await FaultAsync(host, RpcMethods.Hello, "80")).Code);
        Assert.Equal(RpcErrorCode.Unauthorized, (await FaultAsync(host, RpcMethods.Stats, "80")).Code);
        var hello = new HelloResult();
        await host.Client.CallAsync(RpcMethods.Hello, new HelloParams { Token = "secret" }, hello);
        Assert.Equal(("atlas", 1, 1000), (hello.Server, hello.Protocol, hello.VocabularySize));
        await host.Client.CallAsync(RpcMethods.Stats, null, null);
    }

    [Fact]
    public async Task More_calls_than_allowed_are_refused()
    {
        await using var host = await Running.StartAsync(new FakeService(), new ServiceOptions { MaxCalls = 2 });
        Task[] running =
        [
            .. Enumerable.Range(1, 2).Select(i => host.Client.CallAsync(RpcMethods.Generate, new GenerateParams { Prompt = "hang", Request = i }, null).AsTask()),
        ];
        Assert.Equal(RpcErrorCode.Overloaded, (await FaultAsync(host, RpcMethods.Stats, "80")).Code);
        await host.Client.CallAsync(RpcMethods.Cancel, new CancelParams { Request = 1 }, null);
        await Assert.ThrowsAsync<RpcException>(() => running[0].WaitAsync(Patience));
        await host.Client.CallAsync(RpcMethods.Stats, null, null);
    }

    [Fact]
    public async Task The_service_learns_that_a_client_has_gone()
    {
        var service = new FakeService();
        await using var host = await Running.StartAsync(service);
        Task hanging = host.Client.CallAsync(RpcMethods.Generate, new GenerateParams { Prompt = "hang" }, null).AsTask();
        await host.Client.CallAsync(RpcMethods.Stats, null, null);
        await host.Client.DisposeAsync();
        Assert.Null(await service.Gone.Task.WaitAsync(Patience));
        await Assert.ThrowsAsync<RpcClosedException>(() => hanging);
    }

    private static async Task<RpcError> FaultAsync(Running host, string method, string hex) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await host.Client.CallAsync(method, new RawValue(hex), null))).Error;

    private sealed class Running : IAsyncDisposable
    {
        private readonly RpcListener _listener;

        private Running(RpcListener listener, RpcConnection client)
        {
            _listener = listener;
            Client = client;
        }

        public RpcConnection Client { get; }

        public static async Task<Running> StartAsync(FakeService service, ServiceOptions? options = null)
        {
            string path = Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock");
            var listener = new RpcListener(RpcEndpoint.Unix(path), () => new ServiceDispatcher(service, options));
            await listener.StartAsync();
            var client = new RpcConnection(await listener.Endpoint.ConnectAsync(), new EchoHandler());
            _ = client.RunAsync();
            return new Running(listener, client);
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await _listener.DisposeAsync();
        }
    }
}
