using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;
using Atlas.Protocol.Tests.Serving;

namespace Atlas.Client.Tests;

/// <summary>A fake service behind a real socket, which can be stopped and started again at the same place.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private RpcListener? _listener;

    public FakeService Service { get; init; } = new();

    public bool RequireHello { get; init; }

    public RpcEndpoint Endpoint { get; private set; } = RpcEndpoint.Unix(Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock"));

    public static async Task<ServiceHost> StartAsync(bool tcp = false, FakeService? service = null, bool requireHello = false)
    {
        var host = new ServiceHost { Service = service ?? new FakeService(), RequireHello = requireHello };
        if (tcp) host.Endpoint = RpcEndpoint.Tcp("127.0.0.1", 0);
        await host.StartAsync();
        return host;
    }

    public async Task StartAsync()
    {
        _listener = new RpcListener(Endpoint, () => new ServiceDispatcher(Service, new ServiceOptions { RequireHello = RequireHello }));
        await _listener.StartAsync();
        Endpoint = _listener.Endpoint;
    }

    public async Task StopAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        _listener = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
