using Atlas.Client;
using Atlas.Host.Service;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>A sidecar behind a real Unix domain socket.</summary>
internal sealed class ServingSidecar : IAsyncDisposable
{
    public const int Vocabulary = 100;

    private readonly SidecarService _sidecar;
    private readonly ServiceRun _run;

    private ServingSidecar(SidecarSettings settings)
    {
        _sidecar = new SidecarService(settings);
        var access = new AccessSettings(null, 16 << 20);
        Endpoint = RpcEndpoint.Unix(Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock"));
        _run = new ServiceRun(
            ServiceBuilder.Service(null, _sidecar, Metrics, access), Metrics, new ServeSettings([Endpoint], null, TimeSpan.FromSeconds(5), access));
    }

    public RpcEndpoint Endpoint { get; }

    public MetricSet Metrics { get; } = new();

    public static SidecarSettings Settings(string? checkpoints = null) => new(Vocabulary, "test", 16, 4096, 8, 64 << 20, checkpoints);

    public static async Task<ServingSidecar> StartAsync(SidecarSettings? settings = null)
    {
        var serving = new ServingSidecar(settings ?? Settings());
        serving._sidecar.Start();
        await serving._run.StartAsync();
        return serving;
    }

    public Task<AtlasClient> ConnectAsync() => AtlasClient.ConnectAsync(Endpoint);

    public double Read(string name) => Metrics.Read().Single(metric => metric.Key == name).Value;

    /// <summary>Commits to one session and asks for a draft.</summary>
    public static async Task<SequenceDraft> DraftAsync(AtlasClient client, long session, long position, int[] tokens, int budget = 4, long deadline = 0)
    {
        var parameters = new DraftParams { DeadlineUs = deadline };
        var update = parameters.Sequences.Add();
        (update.Session, update.Base, update.Budget) = (session, position, budget);
        update.Tokens.Add(tokens);
        var result = new DraftResult();
        await client.DraftAsync(parameters, result);
        return result.Sequences[0];
    }

    public static OpenParams Open(long session, int[] tokens, string name = "", string speculator = "auto")
    {
        var parameters = new OpenParams { Session = session, Namespace = name, Speculator = speculator };
        parameters.Tokens.Add(tokens);
        return parameters;
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _sidecar.Dispose();
    }
}
