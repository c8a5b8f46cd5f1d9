using Atlas.Host.Service.Generation;
using Atlas.Host.Service.Metrics;
using Atlas.Host.Service.Sidecar;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service;

/// <summary>What <c>atlas serve</c> answers: generation where it has a target, drafts where it is a sidecar. Thread-safe.</summary>
/// <param name="generation">Generates; null for a sidecar.</param>
/// <param name="sidecar">Drafts; null where the service runs the target itself.</param>
/// <param name="metrics">Figures.</param>
/// <param name="namespaces">Figures of single namespaces.</param>
/// <param name="settings">What it demands and allows.</param>
internal sealed class AtlasService(GenerationService? generation, SidecarService? sidecar, MetricSet metrics, NamespaceFigures namespaces, AccessSettings settings)
    : IAtlasService
{
    private readonly BearerToken _token = new(settings.Token);

    /// <summary>What generates; null for a sidecar.</summary>
    public GenerationService? Generation => generation;

    /// <summary>Whether it takes new requests and sessions.</summary>
    public bool IsReady => (generation?.IsReady ?? true) && (sidecar?.IsReady ?? true);

    /// <summary>Whether work goes on: whoever decodes or drafts comes to what is asked of it within a time.</summary>
    public async Task<bool> IsAliveAsync(TimeSpan within) =>
        (generation is null || await generation.IsAliveAsync(within).ConfigureAwait(false)) && (sidecar is null || await sidecar.IsAliveAsync(within).ConfigureAwait(false));

    /// <inheritdoc/>
    public ValueTask<HelloResult> HelloAsync(ServicePeer peer, HelloParams parameters, CancellationToken cancellation)
    {
        if (!_token.Admits(parameters.Token))
            throw new RpcException(RpcErrorCode.Unauthorized, "the bearer token is missing or wrong");
        if (parameters.Protocol != ProtocolLimits.Version)
            throw new RpcException(RpcErrorCode.NotSupported, $"protocol version {parameters.Protocol}; expected {ProtocolLimits.Version}");
        var hello = new HelloResult
        {
            Version = typeof(AtlasService).Assembly.GetName().Version?.ToString(3) ?? "",
            MaxMessageBytes = settings.MaxMessageBytes,
        };
        hello.Methods.AddRange(ServiceDispatcher.MethodNames);
        generation?.Describe(hello);
        sidecar?.Describe(hello);
        return ValueTask.FromResult(hello);
    }

    /// <inheritdoc/>
    public ValueTask<GenerateResult> GenerateAsync(ServicePeer peer, GenerateParams parameters, TokenStream stream, CancellationToken cancellation) =>
        generation?.GenerateAsync(parameters, stream, cancellation)
        ?? throw new RpcException(RpcErrorCode.NotSupported, "generate: this is a sidecar without a target");

    /// <inheritdoc/>
    public ValueTask<PositionResult> OpenAsync(ServicePeer peer, OpenParams parameters, CancellationToken cancellation) =>
        ValueTask.FromResult(Drafting.Open(peer, parameters));

    /// <inheritdoc/>
    public ValueTask DraftAsync(ServicePeer peer, DraftParams parameters, DraftResult result, CancellationToken cancellation)
    {
        Drafting.Draft(peer, parameters, result);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void OnDraftAnswered(ServicePeer peer) => sidecar?.DraftAhead();

    /// <inheritdoc/>
    public ValueTask<PositionResult> CommitAsync(ServicePeer peer, SequenceUpdate parameters, CancellationToken cancellation) =>
        ValueTask.FromResult(Drafting.Commit(peer, parameters));

    /// <inheritdoc/>
    public ValueTask<PositionResult> CloseAsync(ServicePeer peer, CloseParams parameters, CancellationToken cancellation) =>
        ValueTask.FromResult(Drafting.Close(peer, parameters));

    /// <inheritdoc/>
    public ValueTask<WeightsUpdatedResult> WeightsUpdatedAsync(ServicePeer peer, WeightsUpdatedParams parameters, CancellationToken cancellation) =>
        sidecar is null ? generation!.WeightsUpdatedAsync(parameters) : ValueTask.FromResult(sidecar.WeightsUpdated(parameters));

    /// <inheritdoc/>
    public async ValueTask<ForgetResult> ForgetAsync(ServicePeer peer, ForgetParams parameters, CancellationToken cancellation)
    {
        string name = Namespaces.Of(parameters.Namespace);
        if (sidecar is not null) return await sidecar.ForgetAsync(name).ConfigureAwait(false);
        return await generation!.ForgetAsync(name).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StatsResult> StatsAsync(ServicePeer peer, StatsParams parameters, CancellationToken cancellation)
    {
        var stats = new StatsResult { UptimeSeconds = metrics.UptimeSeconds };
        var figures = parameters.Namespace.Length == 0 ? metrics.Read() : namespaces.Read(Namespaces.Of(parameters.Namespace));
        foreach (var (name, value) in figures) stats.Values[name] = value;
        return ValueTask.FromResult(stats);
    }

    /// <inheritdoc/>
    public async ValueTask<CheckpointResult> CheckpointAsync(ServicePeer peer, CheckpointParams parameters, CancellationToken cancellation) =>
        await (sidecar?.CheckpointAsync() ?? generation!.CheckpointAsync()).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<DrainResult> DrainAsync(ServicePeer peer, DrainParams parameters, CancellationToken cancellation)
    {
        if (parameters.DeadlineMs is < 0 or > int.MaxValue)
            throw RpcException.Invalid("deadline_ms", $"is {parameters.DeadlineMs}; expected 0 to {int.MaxValue}");
        return new DrainResult { Cancelled = await DrainAsync(TimeSpan.FromMilliseconds(parameters.DeadlineMs)).ConfigureAwait(false) };
    }

    /// <summary>Takes nothing new and finishes what runs; returns how many generations had to be cancelled.</summary>
    public async Task<int> DrainAsync(TimeSpan deadline)
    {
        sidecar?.Drain();
        return generation is null ? 0 : await generation.DrainAsync(deadline).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void OnPeerGone(ServicePeer peer, Exception? reason) => sidecar?.CloseAll(peer);

    private SidecarService Drafting =>
        sidecar ?? throw new RpcException(RpcErrorCode.NotSupported, "this service runs the target itself; expected one started with --sidecar");
}
