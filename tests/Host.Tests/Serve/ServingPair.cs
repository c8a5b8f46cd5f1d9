using Atlas.Client;
using Atlas.Compute.Cpu;
using Atlas.Core.Drafting;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Service;
using Atlas.Host.Service.Generation;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Recording;
using Atlas.Host.Tests.Running;
using Atlas.Modeling;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Tests.Serve;

/// <summary>A service that generates with the tiny pair behind a real Unix domain socket.</summary>
internal sealed class ServingPair : IAsyncDisposable
{
    private readonly CpuEngine _engine = new(new CpuEngineOptions { Threads = 1 });
    private readonly ModelPair _pair;
    private readonly GenerationService _generation;
    private readonly ServiceRun _run;

    private ServingPair(TinyPair models, string speculator, GenerationSettings settings, Func<ServeSettings, ServeSettings> change)
    {
        var chosen = new ModelChoice(models.Target, models.Draft, WeightFormat.BF16);
        _pair = ModelPair.Open(chosen);
        _generation = ServiceBuilder.Generation(_engine, _pair, chosen, new SpeculationChoice(speculator, new DraftBudget(4, 8, 2)), settings);
        Endpoint = RpcEndpoint.Unix(Path.Combine(Path.GetTempPath(), $"atlas-{Guid.NewGuid():N}.sock"));
        var serve = change(new ServeSettings([Endpoint], 0, TimeSpan.FromSeconds(20), new AccessSettings(null, 16 << 20)));
        _run = new ServiceRun(ServiceBuilder.Service(_generation, null, Metrics, serve.Access), Metrics, serve);
    }

    public RpcEndpoint Endpoint { get; }

    public MetricSet Metrics { get; } = new();

    public string HttpAddress => _run.Http!.Address;

    public static async Task<ServingPair> StartAsync(
        TinyPair models, string speculator = "auto", int batch = 8, int waiting = 64, int slots = 12, TrafficRecorder? recorder = null,
        Func<ServeSettings, ServeSettings>? settings = null)
    {
        var serving = new ServingPair(models, speculator, new GenerationSettings(512, batch, slots, waiting, null) { Recorder = recorder }, settings ?? (same => same));
        serving._generation.Start();
        await serving._run.StartAsync();
        return serving;
    }

    public Task<AtlasClient> ConnectAsync() => AtlasClient.ConnectAsync(Endpoint);

    public Task StopAsync() => _run.StopAsync();

    public double Read(string name) => Metrics.Read().Single(metric => metric.Key == name).Value;

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _generation.Dispose();
        _pair.Dispose();
        _engine.Dispose();
    }
}
