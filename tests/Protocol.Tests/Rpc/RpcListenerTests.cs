using System.Net.Sockets;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Rpc;

public sealed class RpcListenerTests
{
    [Theory]
    [InlineData("unix:/run/atlas.sock", "unix:/run/atlas.sock")]
    [InlineData("/run/atlas.sock", "unix:/run/atlas.sock")]
    [InlineData("tcp:localhost:7007", "tcp:localhost:7007")]
    [InlineData("tcp:[::1]:7007", "tcp:::1:7007")]
    public void Endpoints_are_read(string text, string shown) => Assert.Equal(shown, RpcEndpoint.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("tcp:host")]
    [InlineData("tcp:host:port")]
    [InlineData("tcp:host:70000")]
    [InlineData("http")]
    public void What_is_no_endpoint_says_what_was_expected(string text) =>
        Assert.EndsWith("expected unix:PATH, tcp:HOST:PORT or a path", Assert.Throws<FormatException>(() => RpcEndpoint.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Tcp_listens_on_a_free_port_and_serves()
    {
        await using var listener = new RpcListener(RpcEndpoint.Tcp("127.0.0.1", 0), () => new EchoHandler());
        await listener.StartAsync();
        Assert.NotEqual(0, listener.Endpoint.Port);
        await using var client = new RpcConnection(await listener.Endpoint.ConnectAsync(), new EchoHandler());
        _ = client.RunAsync();
        var result = new RawValue();
        await client.CallAsync("echo", new RawValue("a161"), result);
        Assert.Equal("a161", result.Hex);
    }

    [Fact]
    public async Task A_socket_file_is_its_owners_replaced_when_dead_and_deleted_at_the_end()
    {
        string path = Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock");
        // What a killed process leaves; a socket that is disposed of deletes its own file.
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path + "0"));
            File.Move(path + "0", path);
        }
        Assert.True(File.Exists(path));
        await using (var listener = new RpcListener(RpcEndpoint.Unix(path), () => new EchoHandler()))
        {
            await listener.StartAsync();
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            await using var second = new RpcListener(RpcEndpoint.Unix(path), () => new EchoHandler());
            Assert.Contains("somebody listens", (await Assert.ThrowsAsync<IOException>(() => second.StartAsync())).Message, StringComparison.Ordinal);
            Assert.True(File.Exists(path));
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task The_first_connections_have_threads_of_their_own()
    {
        string path = Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock");
        var readers = new System.Collections.Concurrent.ConcurrentQueue<bool>();
        await using var listener = new RpcListener(RpcEndpoint.Unix(path), () => new ReaderNotes(readers), new RpcListenerOptions { OwnThreads = 1 });
        await listener.StartAsync();
        async Task<RpcConnection> ConnectAsync()
        {
            var client = new RpcConnection(await listener.Endpoint.ConnectAsync(), new EchoHandler());
            _ = client.RunAsync();
            await client.CallAsync("note", null, null);
            return client;
        }
        var first = await ConnectAsync();
        await using var second = await ConnectAsync();
        await first.DisposeAsync();
        // The place of one that has ended is free again.
        while (listener.Connections.Count > 1) await Task.Delay(5);
        await using var third = await ConnectAsync();
        Assert.Equal([false, true, false], readers);
    }

    // Notes whether a thread of the pool reads.
    private sealed class ReaderNotes(System.Collections.Concurrent.ConcurrentQueue<bool> readers) : IRpcHandler
    {
        public void OnRequest(RpcConnection connection, uint id, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters)
        {
            readers.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            connection.Respond(id, new RawValue("c0"));
        }

        public void OnNotification(RpcConnection connection, scoped ReadOnlySpan<byte> method, ref MessagePackReader parameters)
        {
        }

        public void OnClosed(RpcConnection connection, Exception? reason)
        {
        }
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed()
    {
        await using var listener = new RpcListener(
            RpcEndpoint.Tcp("127.0.0.1", 0), () => new EchoHandler(), new RpcListenerOptions { MaxConnections = 1 });
        await listener.StartAsync();
        await using var first = new RpcConnection(await listener.Endpoint.ConnectAsync(), new EchoHandler());
        _ = first.RunAsync();
        await first.CallAsync("echo", null, null);
        await using Stream second = await listener.Endpoint.ConnectAsync();
        Assert.Equal(0, await second.ReadAsync(new byte[1]));
        await first.CallAsync("echo", null, null);
    }
}
