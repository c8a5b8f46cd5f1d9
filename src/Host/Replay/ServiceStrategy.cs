using System.Diagnostics;
using Atlas.Client;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;
using Atlas.Protocol.Messages;

namespace Atlas.Host.Replay;

/// <summary>
/// One strategy of a replay through a service: its requests name the speculator, and namespaces of its own keep what it learns from the others.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="name">Of <see cref="ReplayStrategies.Live"/>.</param>
/// <param name="maxTokens">Most tokens emitted per request.</param>
internal sealed class ServiceStrategy(AtlasClient client, string name, int maxTokens)
{
    /// <summary>As reported.</summary>
    public string Name => name;

    /// <summary>Has a request answered.</summary>
    /// <param name="request">The request.</param>
    /// <param name="arrival">When it came, by <see cref="Stopwatch"/>; null where requests do not arrive by a clock.</param>
    /// <exception cref="Protocol.Rpc.RpcException">The service refuses it.</exception>
    public async Task<ServiceAnswer> AnswerAsync(TraceRequest request, long? arrival)
    {
        List<int> tokens = [];
        long first = 0, last = 0;
        int beginning = 0;
        var stream = client.Stream(Parameters(request));
        await foreach (var piece in stream.ConfigureAwait(false))
        {
            if (piece.Tokens.Count == 0) continue;
            last = Stopwatch.GetTimestamp();
            tokens.AddRange(piece.Tokens);
            if (first != 0) continue;
            (first, beginning) = (last, tokens.Count);
        }
        var result = stream.Result;
        return new ServiceAnswer([.. tokens], new ReplayTotals
        {
            Requests = 1,
            Tokens = tokens.Count,
            Forwards = result.TargetForwards,
            Drafted = result.DraftedTokens,
            Accepted = result.AcceptedTokens,
            TimedTokens = tokens.Count - beginning,
            Seconds = Stopwatch.GetElapsedTime(first, last).TotalSeconds,
            ForwardSeconds = double.NaN,
            LatencySeconds = arrival is { } came ? Stopwatch.GetElapsedTime(came, last).TotalSeconds : double.NaN,
        });
    }

    private GenerateParams Parameters(TraceRequest request)
    {
        var sampling = request.Sampling?.Options ?? SamplingOptions.Greedy;
        var parameters = new GenerateParams
        {
            MaxTokens = Math.Min(request.Sampling?.MaxTokens ?? maxTokens, maxTokens),
            Seed = sampling.Seed,
            Temperature = sampling.Temperature,
            TopK = sampling.TopK,
            TopP = sampling.TopP,
            MinP = sampling.MinP,
            RepetitionPenalty = sampling.RepetitionPenalty,
            PresencePenalty = sampling.PresencePenalty,
            FrequencyPenalty = sampling.FrequencyPenalty,
            Class = RequestClassNames.Of(request.Class),
            Namespace = $"{request.Namespace}.{name}",
            Speculator = name switch { ReplayStrategies.Plain => "none", ReplayStrategies.Atlas => "auto", _ => name },
        };
        foreach (var (token, bias) in sampling.LogitBias ?? new Dictionary<int, float>()) parameters.LogitBias[token] = bias;
        if (request.Prompt.Text is { } text) parameters.Prompt = text;
        else parameters.Tokens.Set([.. request.Prompt.Tokens!]);
        return parameters;
    }
}
