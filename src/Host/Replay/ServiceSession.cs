using Atlas.Client;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Replay;
using Atlas.Host.CommandLine;
using Atlas.Modeling.Engine;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Replay;

/// <summary>Replays prompts through a service that is running, which generates; its stores and weights stay as the replay leaves them.</summary>
internal sealed class ServiceSession : IReplaySession
{
    private readonly AtlasClient _client;
    private readonly LiveOptions _options;
    private readonly IReadOnlyList<ServiceStrategy> _strategies;
    private int _runs;

    /// <summary>Connects.</summary>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="token">Its bearer token; null where it demands none.</param>
    /// <param name="options">How to replay.</param>
    /// <exception cref="UsageException">Nobody answers there, the service generates nothing, or it has no such speculator.</exception>
    public ServiceSession(RpcEndpoint endpoint, string? token, LiveOptions options)
    {
        _options = options;
        try
        {
            _client = AtlasClient.ConnectAsync(endpoint, new AtlasClientOptions { Token = token ?? "" }).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is RpcClosedException or RpcException)
        {
            throw new UsageException($"--connect {endpoint}: {e.Message}; expected a service that atlas serve runs");
        }
        var service = _client.Service;
        if (!service.Methods.Contains(RpcMethods.Generate)) throw new UsageException($"--connect {endpoint}: the service does not generate; expected one with a target");
        var names = options.Strategies ?? Possible(service);
        foreach (string name in names)
            if (!Possible(service).Contains(name))
                throw new UsageException($"--strategies names {name}, which the service does not have; expected of {string.Join(", ", Possible(service))}");
        _strategies = [.. names.Select(name => new ServiceStrategy(_client, name, options.MaxTokens))];
        Engine = new EngineInfo("service", $"atlas {service.Version} at {endpoint}", 0, BatchInvariant: true);
        Models = [("target", service.Target, service.Fingerprint)];
        Manner = new ReplayManner(
            "live",
            $"The service at {endpoint} answered every prompt with each strategy in turns, each in namespaces of its own; all times are as this client saw them, a request's from its "
            + "first piece to its last, and what the service learned in one strategy's turn may run on in another's."
            + (options.Arrivals is null ? " Requests came one after the other." : $" Requests came by the trace's clock ({options.ArrivalsText}), 32 at a time with each strategy."),
            options.ArrivalsText, null);
    }

    /// <inheritdoc/>
    public ReplayManner Manner { get; }

    /// <inheritdoc/>
    public EngineInfo Engine { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(string Part, string Directory, string Fingerprint)> Models { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Strategies => [.. _strategies.Select(strategy => strategy.Name)];

    /// <inheritdoc/>
    public string Settings => $"--max-tokens {_options.MaxTokens}";

    /// <inheritdoc/>
    public ReplayRun Run(ReplaySource source)
    {
        // What one run has taught the service is no help to the next.
        string run = $"replay-{Environment.ProcessId}-{_runs++}.";
        var requests = source.Requests.Select(request => request with { Namespace = run + request.Namespace }).ToList();
        IReadOnlyList<OutputDifference> differences = [];
        var log = ReplayProgress.Run(
            replayed =>
            {
                var replay = new ServiceReplay(_strategies, _options.Arrivals?.Scale);
                (var done, differences) = replay.RunAsync(requests, source.Name, (labels, skipped) => Outline(labels, skipped, run), replayed).GetAwaiter().GetResult();
                return done;
            },
            source.Name, requests.Count);
        return new ReplayRun(source.Name, log, differences);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ReplayOutline Outline(IReadOnlyList<RequestLabel> labels, int skipped, string run) => new(
        [.. labels.Select(label => new RequestLabel(Named(label.Namespace, run), Named(label.Domain, run)))], "tokens of the service", _client.Service.VocabularySize, skipped);

    private static string Named(string name, string run) => name.StartsWith(run, StringComparison.Ordinal) ? name[run.Length..] : name;

    private static IReadOnlyList<string> Possible(HelloResult service) =>
    [
        .. ReplayStrategies.Live.Where(name => name switch
        {
            ReplayStrategies.Static or ReplayStrategies.Suffix or ReplayStrategies.Recall or ReplayStrategies.Learned => service.Speculators.Contains(name),
            // To a service, merged is no way of its own: its controller joins what pays.
            ReplayStrategies.Merged => false,
            _ => true,
        }),
    ];
}
