using System.Diagnostics;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Rpc;

public sealed class RpcConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_call_is_answered_with_its_result()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        Assert.Equal("8101a178", await pair.CallAsync("echo", "8101a178"));
    }

    [Fact]
    public async Task Pipelined_calls_are_answered_in_any_order()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        Task<string>[] calls = [.. Enumerable.Range(0, 100).Select(i => pair.CallAsync("later", $"{i:x2}"))];
        Assert.Equal("7f", await pair.CallAsync("echo", "7f"));
        Assert.DoesNotContain(calls, c => c.IsCompleted);
        Assert.Equal(100, pair.ServerHandler.Waiting);
        pair.ServerHandler.Release(pair.Server);
        string[] results = await Task.WhenAll(calls).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i:x2}"), results);
    }

    [Fact]
    public async Task A_thread_of_its_own_reads_until_either_end_closes()
    {
        var options = new RpcOptions { OwnThread = true };
        await using (var pair = await ConnectionPair.OpenAsync(options: options))
        {
            Task<string>[] calls = [.. Enumerable.Range(0, 100).Select(i => pair.CallAsync("later", $"{i:x2}"))];
            Assert.Equal("7f", await pair.CallAsync("echo", "7f"));
            pair.ServerHandler.Release(pair.Server);
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i:x2}"), await Task.WhenAll(calls).WaitAsync(Patience));
            // The server's thread waits for bytes that do not come.
            pair.Server.Abort(null);
            await pair.Server.Ended.WaitAsync(Patience);
            await pair.Client.Ended.WaitAsync(Patience);
        }
        await using var other = await ConnectionPair.OpenAsync(options: options);
        Assert.Equal("01", await other.CallAsync("echo", "01"));
        await other.Client.DisposeAsync().AsTask().WaitAsync(Patience);
        await other.Server.Ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task Both_ends_call_and_notify()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        pair.Client.Notify("back", new RawValue("05"));
        pair.Client.Notify("throw", new RawValue("06"));
        var result = new RawValue();
        await pair.Server.CallAsync("echo", new RawValue("a161"), result).AsTask().WaitAsync(Patience);
        Assert.Equal("a161", result.Hex);
        Assert.Equal("01", await pair.CallAsync("echo", "01"));
        Assert.Equal([("back", "05"), ("throw", "06")], pair.ServerHandler.Notifications);
        Assert.Equal([("returned", "05")], pair.ClientHandler.Notifications);
    }

    [Fact]
    public async Task Errors_come_back_whole_and_the_connection_lives_on()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        var stale = await Assert.ThrowsAsync<RpcException>(() => pair.CallAsync("fail", "c0"));
        Assert.Equal((RpcErrorCode.StalePosition, "behind", "base", 7), (stale.Code, stale.Error.Message, stale.Error.Parameter, stale.Error.Position));
        var broken = await Assert.ThrowsAsync<RpcException>(() => pair.CallAsync("crash", "c0"));
        Assert.Equal((RpcErrorCode.Internal, "handler broke"), (broken.Code, broken.Error.Message));
        Assert.Equal(RpcErrorCode.UnknownMethod, (await Assert.ThrowsAsync<RpcException>(() => pair.CallAsync("nothing", "c0"))).Code);
        Assert.Equal(RpcErrorCode.UnknownMethod, (await Assert.ThrowsAsync<RpcException>(() => pair.CallAsync(new string('x', 500), "c0"))).Code);
        Assert.Equal("01", await pair.CallAsync("echo", "01"));
    }

    [Fact]
    public async Task A_cancelled_call_returns_and_its_late_response_is_dropped()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        using var cancellation = new CancellationTokenSource();
        ValueTask call = pair.Client.CallAsync("later", new RawValue("01"), null, cancellation.Token);
        await pair.CallAsync("echo", "02");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call);
        pair.ServerHandler.Release(pair.Server);
        Assert.Equal("03", await pair.CallAsync("echo", "03"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pair.Client.CallAsync("echo", null, null, cancellation.Token));
    }

    [Fact]
    public async Task Calls_under_way_fail_when_the_connection_ends()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        Task<string> waiting = pair.CallAsync("later", "01");
        await pair.CallAsync("echo", "02");
        await pair.Server.DisposeAsync();
        await Assert.ThrowsAsync<RpcClosedException>(() => waiting.WaitAsync(Patience));
        await pair.Client.Ended.WaitAsync(Patience);
        Assert.False(pair.Client.IsOpen);
        Assert.True(pair.Client.Aborted.IsCancellationRequested);
        Assert.Null(await pair.ClientHandler.Closed);
        await Assert.ThrowsAsync<RpcClosedException>(() => pair.CallAsync("echo", "01"));
        Assert.Throws<RpcClosedException>(() => pair.Client.Notify("x", null));
        // Answers to who is gone are dropped.
        pair.Client.Respond(1, new RawValue("01"));
    }

    [Trait("Codec", "own")]
    [Theory]
    [InlineData("93", "ended inside a message, 1 bytes")]
    [InlineData("c1", "expected an array")]
    [InlineData("90", "an empty array")]
    [InlineData("940300a0c0", "a message of type 3; expected 0, 1 or 2")]
    [InlineData("930000a0", "a message of type 0 has 3 elements; expected 4")]
    [InlineData("9402a0c0c0", "a message of type 2 has 4 elements; expected 3")]
    [InlineData("94a0a0a0a0", "expected a number")]
    [InlineData("9400ffa0c0", "is negative")]
    [InlineData("94000102c0", "expected a string")]
    [InlineData("940001c0c0", "method is nil")]
    public async Task What_is_no_MessagePack_RPC_ends_that_connection(string hex, string reason)
    {
        await using var pair = await ConnectionPair.OpenAsync(runClient: false);
        await pair.ClientStream.WriteAsync(Convert.FromHexString(hex));
        ((System.Net.Sockets.NetworkStream)pair.ClientStream).Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Exception? fault = await pair.ServerHandler.Closed.WaitAsync(Patience);
        Assert.Contains(reason, Assert.IsType<RpcProtocolException>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_put_together_from_single_bytes()
    {
        await using var pair = await ConnectionPair.OpenAsync(runClient: false);
        byte[] request = [0x94, 0, 1, 0xa4, (byte)'e', (byte)'c', (byte)'h', (byte)'o', 0x91, 0xcd, 1, 2];
        foreach (byte one in request)
        {
            await pair.ClientStream.WriteAsync(new[] { one });
            await Task.Yield();
        }
        byte[] answer = new byte[7];
        await pair.ClientStream.ReadExactlyAsync(answer).AsTask().WaitAsync(Patience);
        Assert.Equal("940101c0cd0102", Convert.ToHexStringLower(answer));
    }

    [Fact]
    public async Task A_message_above_the_limit_is_refused_before_it_has_come()
    {
        await using var pair = await ConnectionPair.OpenAsync(runClient: false, options: new RpcOptions { MaxMessageBytes = 1000 });
        await pair.ClientStream.WriteAsync(Convert.FromHexString("940001a46563686f91c6000003e8"));
        Exception? fault = await pair.ServerHandler.Closed.WaitAsync(Patience);
        Assert.Equal("a message is longer than the limit of 1000 bytes", fault!.Message);
    }

    [Fact]
    public async Task An_end_that_does_not_read_is_dropped()
    {
        await using var pair = await ConnectionPair.OpenAsync(runClient: false, options: new RpcOptions { MaxUnsentBytes = 1 << 20 });
        var piece = new RawValue("c5ffff" + new string('0', 2 * 65535));
        await Assert.ThrowsAsync<RpcClosedException>(() => Task.Run(() =>
        {
            for (int i = 0; i < 1000; i++) pair.Server.Notify("x", piece);
        }));
        Assert.Contains("does not read", (await pair.ServerHandler.Closed.WaitAsync(Patience))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_messages_from_many_threads_arrive_whole()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        var calls = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            string hex = "c6" + $"{100_000 + i:x8}" + string.Concat(Enumerable.Repeat($"{i:x2}", 100_000 + i));
            Assert.Equal(hex, await pair.CallAsync("echo", hex));
        }));
        await Task.WhenAll(calls).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_response_of_the_wrong_type_fails_its_call_alone()
    {
        await using var pair = await ConnectionPair.OpenAsync();
        var error = new RpcError();
        await Assert.ThrowsAsync<RpcProtocolException>(async () => await pair.Client.CallAsync("echo", new RawValue("a161"), error));
        Assert.Equal("05", await pair.CallAsync("echo", "05"));
    }

    [Fact]
    public async Task Mutated_requests_end_that_connection_alone_or_are_answered()
    {
        var random = new Random(5);
        byte[] request = Convert.FromHexString("94000aa46563686f9183a17301a162cd0100a374" + "6f6b93010203");
        string path = Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock");
        await using var listener = new RpcListener(RpcEndpoint.Unix(path), () => new EchoHandler());
        await listener.StartAsync();
        await using var witness = new RpcConnection(await listener.Endpoint.ConnectAsync(), new EchoHandler());
        _ = witness.RunAsync();
        for (int i = 0; i < 500; i++)
        {
            byte[] mutant = [.. request];
            for (int flips = random.Next(1, 4); flips > 0; flips--) mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            await using Stream stream = await listener.Endpoint.ConnectAsync();
            await stream.WriteAsync(mutant);
            if (i % 50 != 0) continue;
            var result = new RawValue();
            await witness.CallAsync("echo", new RawValue("81a16101"), result).AsTask().WaitAsync(Patience);
            Assert.Equal("81a16101", result.Hex);
        }
        var patience = Stopwatch.StartNew();
        while (listener.Connections.Count > 1 && patience.Elapsed < Patience) await Task.Delay(20);
        Assert.Single(listener.Connections);
    }
}
