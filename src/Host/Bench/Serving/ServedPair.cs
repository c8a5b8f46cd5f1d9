using System.Diagnostics;
using Atlas.Client;
using Atlas.Core.Drafting;
using Atlas.Evaluation.Comparison;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Service;
using Atlas.Host.Service.Generation;
using Atlas.Host.Service.Metrics;
using Atlas.Modeling.Engine;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Bench.Serving;

/// <summary>A pair served with one strategy behind a Unix domain socket, with a client of its own; its learning rests outside of its turns.</summary>
internal sealed class ServedPair : IAsyncDisposable
{
    // A reader that is read at once takes the least from the processors that decode.
    private static readonly AtlasClientOptions Options = new() { Rpc = new RpcOptions { ContinueInline = true, OwnThread = true } };

    private readonly ModelPair _pair;
    private readonly GenerationService _generation;
    private readonly ServiceRun _run;
    private readonly RpcEndpoint _endpoint;
    private AtlasClient? _client;

    private ServedPair(IComputeEngine engine, ModelChoice models, string speculator, int contextLength, int batch)
    {
        _pair = ModelPair.Open(models);
        var settings = new GenerationSettings(contextLength, batch, 2 * batch, 1024, null);
        _generation = ServiceBuilder.Generation(engine, _pair, models, new SpeculationChoice(speculator, DraftBudget.None), settings);
        var access = new AccessSettings(null, 16 << 20);
        var metrics = new MetricSet();
        _endpoint = RpcEndpoint.Unix(Path.Combine(Path.GetTempPath(), $"atlas-bench-{Guid.NewGuid():N}.sock"));
        _run = new ServiceRun(
            ServiceBuilder.Service(_generation, null, metrics, access), metrics, new ServeSettings([_endpoint], null, TimeSpan.FromSeconds(5), access));
    }

    /// <summary>Loads and serves; learning rests.</summary>
    public static async Task<ServedPair> StartAsync(IComputeEngine engine, ModelChoice models, string speculator, int contextLength, int batch)
    {
        var served = new ServedPair(engine, models, speculator, contextLength, batch);
        served._generation.Start();
        await served._run.StartAsync().ConfigureAwait(false);
        served._client = await AtlasClient.ConnectAsync(served._endpoint, Options).ConfigureAwait(false);
        await served._generation.RestAsync().ConfigureAwait(false);
        return served;
    }

    /// <summary>
    /// Decodes requests, so many at once, and returns what they emitted and the time from the first token to the last.
    /// </summary>
    public async Task<ServedTurn> TurnAsync(IReadOnlyList<EvaluationRequest> requests, int atOnce)
    {
        await _generation.ResumeAsync().ConfigureAwait(false);
        var turn = new ServedTurn(requests.Count);
        int next = -1;
        async Task WorkAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < requests.Count; i = Interlocked.Increment(ref next))
                turn.Outputs[i] = await ReadAsync(requests[i], turn).ConfigureAwait(false);
        }
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => WorkAsync())).ConfigureAwait(false);
        await _generation.RestAsync().ConfigureAwait(false);
        return turn;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync().ConfigureAwait(false);
        await _run.DisposeAsync().ConfigureAwait(false);
        _generation.Dispose();
        _pair.Dispose();
    }

    private async Task<int[]> ReadAsync(EvaluationRequest request, ServedTurn turn)
    {
        var parameters = new GenerateParams
        {
            MaxTokens = request.MaxTokens,
            Temperature = request.Sampling.Temperature,
            TopK = request.Sampling.TopK,
            TopP = request.Sampling.TopP,
            MinP = request.Sampling.MinP,
            Seed = request.Sampling.Seed,
        };
        parameters.Tokens.Set(request.Prompt);
        List<int> tokens = [];
        await foreach (var piece in _client!.Stream(parameters).ConfigureAwait(false))
        {
            turn.Received(Stopwatch.GetTimestamp(), piece.Tokens.Count);
            tokens.AddRange(piece.Tokens);
        }
        return [.. tokens];
    }
}
