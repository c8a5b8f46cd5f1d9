using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Tests.Rpc;

/// <summary>Two ends of a Unix domain socket with echo handlers; the client's end may be left raw.</summary>
internal sealed class ConnectionPair : IAsyncDisposable
{
    private ConnectionPair(Stream client, Stream server, RpcOptions? options)
    {
        ClientStream = client;
        Client = new RpcConnection(client, ClientHandler, options);
        Server = new RpcConnection(server, ServerHandler, options);
    }

    public Stream ClientStream { get; }

    public RpcConnection Client { get; }

    public RpcConnection Server { get; }

    public EchoHandler ClientHandler { get; } = new();

    public EchoHandler ServerHandler { get; } = new();

    public static async Task<ConnectionPair> OpenAsync(bool runClient = true, RpcOptions? options = null)
    {
        var (client, server) = await Wire.ConnectAsync();
        var pair = new ConnectionPair(client, server, options);
        _ = pair.Server.RunAsync();
        if (runClient) _ = pair.Client.RunAsync();
        return pair;
    }

    public async Task<string> CallAsync(string method, string hex)
    {
        var result = new RawValue();
        await Client.CallAsync(method, new RawValue(hex), result).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        return result.Hex;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
