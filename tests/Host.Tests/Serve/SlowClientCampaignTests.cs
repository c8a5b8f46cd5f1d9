using System.Diagnostics;
using System.Net.Sockets;
using Atlas.Client;
using Atlas.Host.Service;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>
/// Clients that send a byte at a time, stop in the middle of a message, close their half, never read or never speak: each gets its due, and who behaves
/// is served meanwhile. <see cref="Campaign"/> says how many there are.
/// </summary>
public sealed class SlowClientCampaignTests
{
    private const int Whole = 600;
    private const int AtOnce = 60;

    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Slow_and_half_open_clients_get_their_due_and_others_are_served()
    {
        using var sidecar = new SidecarService(ServingSidecar.Settings());
        var metrics = new MetricSet();
        var access = new AccessSettings(null, 1 << 20);
        var endpoint = RpcEndpoint.Unix(Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock"));
        var settings = new ServeSettings([endpoint], null, TimeSpan.FromSeconds(5), access) { IdleTime = IdleTime, StallTime = StallTime };
        await using var run = new ServiceRun(ServiceBuilder.Service(null, sidecar, metrics, access), metrics, settings);
        sidecar.Start();
        await run.StartAsync();
        await using var healthy = await AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Reconnect = ReconnectPolicy.Never });
        using var end = new CancellationTokenSource();
        var served = Task.Run(() => ServeAsync(healthy, end.Token));
        var random = new Random(Campaign.Seed);
        int closed = 0;
        for (int done = 0; done < Campaign.Of(Whole); done += AtOnce)
        {
            var kinds = Enumerable.Range(0, AtOnce).Select(i => (SlowClient)(i % Enum.GetValues<SlowClient>().Length)).ToArray();
            closed += kinds.Count(kind => kind is SlowClient.Stalled or SlowClient.Silent);
            var clients = kinds.Select(kind => BehaveAsync(endpoint, kind, new Random(random.Next()))).ToArray();
            await Task.WhenAll(clients);
        }
        await end.CancelAsync();
        var (calls, longest) = await served;
        Assert.True(calls > 10 && longest < TimeSpan.FromSeconds(5), $"{calls} calls, the longest {longest}");
        Assert.Equal(closed, Read("connections_closed_idle"));
        Assert.True(SpinWait.SpinUntil(() => Read("connections") == 1 && Read("sidecar_sessions") == 1, Limit), "something is held");
        Assert.Equal(0, Read("speculator_faults") + Read("sidecar_ahead_faults"));

        double Read(string name) => metrics.Read().Single(metric => metric.Key == name).Value;
    }

    // Drafts all the while; returns how often, and the longest that it took.
    private static async Task<(int Calls, TimeSpan Longest)> ServeAsync(AtlasClient client, CancellationToken end)
    {
        const int prompt = 60;
        await client.OpenAsync(ServingSidecar.Open(1, [.. Enumerable.Range(0, prompt).Select(Truth)]), CancellationToken.None);
        int calls = 0;
        var longest = TimeSpan.Zero;
        for (int position = prompt; !end.IsCancellationRequested; calls++)
        {
            long begin = Stopwatch.GetTimestamp();
            var draft = await ServingSidecar.DraftAsync(client, 1, position, [Truth(position)]);
            position++;
            Assert.Equal((DraftStatus.Ok, (long)position), (draft.Status, draft.Position));
            if (Stopwatch.GetElapsedTime(begin) is var took && took > longest) longest = took;
            await Task.Delay(50, CancellationToken.None);
        }
        return (calls, longest);
    }

    private static int Truth(int position) => 10 + (position * 7 % 20);

    private static async Task BehaveAsync(RpcEndpoint endpoint, SlowClient kind, Random random)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path!));
        byte[] request = RequestFrame.Of(RpcMethods.Stats, new StatsParams());
        var clock = Stopwatch.StartNew();
        switch (kind)
        {
            case SlowClient.Dripping:
                // Slow as it is, it is never silent, and is answered.
                foreach (byte one in request)
                {
                    await socket.SendAsync(new[] { one });
                    await Task.Delay(random.Next((int)(StallTime.TotalMilliseconds / 6)));
                }
                Assert.True(await ReceiveAsync(socket) > 0, "no answer to a request that came slowly");
                break;
            case SlowClient.Stalled:
                await socket.SendAsync(request.AsMemory(0, random.Next(1, request.Length)));
                Assert.Equal(0, await ReceiveAsync(socket));
                Assert.InRange(clock.Elapsed, StallTime * 0.9, Limit);
                break;
            case SlowClient.Silent:
                Assert.Equal(0, await ReceiveAsync(socket));
                Assert.InRange(clock.Elapsed, IdleTime * 0.9, Limit);
                break;
            case SlowClient.HalfClosed:
                // What was asked before is answered, and then the other half is closed too.
                await socket.SendAsync(request);
                socket.Shutdown(SocketShutdown.Send);
                Assert.True(await ReceiveAsync(socket) > 0, "no answer to who closed its half");
                while (await ReceiveAsync(socket) > 0) { }
                break;
            default:
                // Asks and never reads, until the service will not have it any more or it has asked for a while.
                await AskAsync(socket, request, random.Next(200, 2000));
                break;
        }
    }

    private static async Task AskAsync(Socket socket, byte[] request, int times)
    {
        using var limit = new CancellationTokenSource(StallTime);
        try
        {
            for (int i = 0; i < times; i++) await socket.SendAsync(request, limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It takes no more from who does not read.
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await socket.ReceiveAsync(new byte[1 << 16], limit.Token);
    }

    private enum SlowClient
    {
        Dripping,
        Stalled,
        Silent,
        HalfClosed,
        Deaf,
    }
}
