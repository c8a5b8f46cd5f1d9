using System.Diagnostics;
using System.Net.Sockets;
using Atlas.Host.Tests.Running;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>What clients do to a service that it must outlive. <see cref="Campaign"/> says how much of it runs.</summary>
public sealed class FaultCampaignTests(TinyPair pair) : IClassFixture<TinyPair>
{
    private const int FramesAtOnce = 200;
    private const int HiddenSize = 4;

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Mutated_frames_end_their_own_connection_at_most()
    {
        await using var serving = await ServingSidecar.StartAsync(ServingSidecar.Settings() with { HiddenSize = HiddenSize });
        await using var healthy = await serving.ConnectAsync();
        int[] text = [.. Enumerable.Range(0, 4000).Select(position => 10 + (position * 7 % 20))];
        await healthy.OpenAsync(ServingSidecar.Open(1, text[..60]));
        byte[][] frames = [.. Frames()];
        var random = new Random(Campaign.Seed);
        int position = 60;
        for (int sent = 0; sent < Campaign.Of(1_000_000); sent += FramesAtOnce)
        {
            await SendAsync(serving.Endpoint, [.. Enumerable.Range(0, FramesAtOnce).SelectMany(_ => Mutated(frames[random.Next(frames.Length)], random))]);
            if (position + 2 > 3900) continue;
            var draft = await ServingSidecar.DraftAsync(healthy, 1, position, text[position..(position + 2)]);
            position += 2;
            Assert.Equal((DraftStatus.Ok, (long)position), (draft.Status, draft.Position));
        }
        await Until(() => serving.Read("connections") == 1 && serving.Read("sidecar_sessions") == 1);
        Assert.Equal(0, serving.Read("speculator_faults"));
        Assert.Equal(0, serving.Read("sidecar_ahead_faults"));
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Clients_that_vanish_leave_nothing_behind()
    {
        await using var serving = await ServingPair.StartAsync(pair);
        await using var sidecar = await ServingSidecar.StartAsync();
        var random = new Random(Campaign.Seed);
        for (int i = 0; i < Campaign.Of(300); i++)
        {
            var client = await serving.ConnectAsync();
            var other = await sidecar.ConnectAsync();
            var lost = client.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 400, N = 3, Temperature = 1, Seed = (ulong)i, IgnoreEnd = true });
            await other.OpenAsync(ServingSidecar.Open(1, [1, 2, 3]));
            var draft = ServingSidecar.DraftAsync(other, 1, 3, [4]);
            await Task.Delay(random.Next(8));
            await client.DisposeAsync();
            await other.DisposeAsync();
            await lost.ContinueWith(_ => { }, TaskScheduler.Default);
            await draft.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        await Until(() => serving.Read("num_requests_running") + serving.Read("num_requests_waiting") + serving.Read("connections") == 0);
        await Until(() => sidecar.Read("sidecar_sessions") + sidecar.Read("connections") == 0);
        await using var last = await serving.ConnectAsync();
        var alone = await last.GenerateAsync(new GenerateParams { Prompt = "one two", MaxTokens = 12, IgnoreEnd = true });
        Assert.Equal(pair.Generate("--prompt", "one two", "--max-tokens", "12", "--ignore-end", "--speculator", "none").Tokens, alone.Choices[0].Tokens.Span.ToArray());
        Assert.Equal(0, serving.Read("generate_requests_failed"));
    }

    private static IEnumerable<byte[]> Frames()
    {
        yield return RequestFrame.Of(RpcMethods.Hello, new HelloParams { Client = "fuzz" });
        yield return RequestFrame.Of(RpcMethods.Open, ServingSidecar.Open(7, [1, 2, 3], "fuzz"));
        yield return RequestFrame.Of(RpcMethods.Close, new CloseParams { Session = 7 });
        yield return RequestFrame.Of(RpcMethods.Stats, new StatsParams());
        yield return RequestFrame.Of(RpcMethods.Generate, new GenerateParams { Prompt = "one", MaxTokens = 3 });
        yield return RequestFrame.Of(RpcMethods.WeightsUpdated, new WeightsUpdatedParams { Fingerprint = "test" });
        var draft = new DraftParams { DeadlineUs = 500, VerifyUs = 20_000 };
        foreach (bool packed in (bool[])[false, true])
        {
            var update = draft.Sequences.Add();
            (update.Session, update.Base, update.Budget, update.Packed, update.TopK) = (packed ? 8 : 7, 3, 5, packed, 1);
            update.Tokens.Set([4, 70]);
            update.TopTokens.Set([4, 70]);
            update.TopLogprobs.Set([-0.5f, -1f]);
            update.SetHidden([1, 2, 3, 4, -1, 0, 0, 0.5f], packed ? HiddenType.F16 : HiddenType.F32);
            yield return RequestFrame.Of(RpcMethods.Draft, draft);
        }
    }

    // Most frames stay as they are, or a fault early on would hide all behind it.
    private static byte[] Mutated(byte[] frame, Random random)
    {
        if (random.Next(8) != 0) return frame;
        byte[] bytes = [.. frame];
        switch (random.Next(4))
        {
            case 0:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 1:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                return bytes[..random.Next(bytes.Length)];
            default:
                int at = random.Next(bytes.Length);
                return [.. bytes[..at], .. bytes[..random.Next(bytes.Length)], .. bytes[at..]];
        }
    }

    // Sends and takes what comes until the other end closes, or has had its time to.
    private static async Task SendAsync(RpcEndpoint endpoint, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path!));
        var reading = ReadAllAsync(socket);
        try
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It was closed before all was sent.
        }
        Assert.Same(reading, await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(60))));
        await reading;
    }

    private static async Task ReadAllAsync(Socket socket)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0) { }
        }
        catch (SocketException)
        {
            // Closed with bytes unread.
        }
    }

    private static async Task Until(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "nothing of the kind within a minute");
            await Task.Delay(5);
        }
    }
}
