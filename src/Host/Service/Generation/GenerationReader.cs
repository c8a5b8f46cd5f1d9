using System.Security.Cryptography;
using Atlas.Core.Decoding;
using Atlas.Core.Sampling;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Protocol.Messages;
using Atlas.Protocol.Rpc;
using Atlas.Protocol.Serving;

namespace Atlas.Host.Service.Generation;

/// <summary>Makes a <see cref="GenerationRequest"/> of a call's parameters, or refuses them in one line. Stateless, from any thread.</summary>
/// <param name="pair">The models.</param>
/// <param name="contextLength">Most tokens of prompt and completion together.</param>
/// <param name="maxChoices">Most completions of one call.</param>
internal sealed class GenerationReader(ModelPair pair, int contextLength, int maxChoices)
{
    /// <summary>Reads and checks.</summary>
    /// <exception cref="RpcException">Something is out of range, or not to be had here.</exception>
    public GenerationRequest Read(GenerateParams parameters, ITokenStream stream)
    {
        if (parameters.N > maxChoices)
            throw new RpcException(RpcErrorCode.LimitExceeded, $"n is {parameters.N}; this service takes at most {maxChoices}");
        int[] prompt = Prompt(parameters);
        if (parameters.Stop.Contains("")) throw RpcException.Invalid("stop", "holds an empty text; expected at least one character in each");
        if (parameters.Stop.Count > 0 && pair.Tokenizer is null) throw NeedsTokenizer("stop");
        if (prompt.Length + (long)parameters.MaxTokens > contextLength)
            throw new RpcException(
                RpcErrorCode.LimitExceeded,
                $"a prompt of {prompt.Length} tokens and max_tokens of {parameters.MaxTokens} exceed the context of {contextLength}");
        var sampling = Sampling(parameters);
        var result = new GenerateResult { PromptTokens = prompt.Length, Seed = sampling.Seed };
        for (int i = 0; i < parameters.N; i++) result.Choices.Add().Index = i;
        return new GenerationRequest
        {
            Prompt = prompt,
            Sampling = sampling,
            MaxTokens = parameters.MaxTokens,
            EndTokens = [.. parameters.IgnoreEnd ? [] : pair.Config.EndTokens, .. parameters.StopTokens.Span.ToArray()],
            StopStrings = [.. parameters.Stop],
            Namespace = Namespaces.Of(parameters.Namespace),
            Class = Namespaces.ClassOf(parameters.Class),
            Speculator = Speculator(parameters.Speculator),
            Logprobs = parameters.Logprobs,
            Stream = parameters.Stream ? stream : null,
            Result = result,
            Left = parameters.N,
        };
    }

    private int[] Prompt(GenerateParams parameters)
    {
        if (parameters.Tokens.Count > 0)
        {
            foreach (int token in parameters.Tokens.Span)
                if ((uint)token >= (uint)pair.Config.VocabularySize)
                    throw RpcException.Invalid("tokens", $"holds {token}; expected 0 to {pair.Config.VocabularySize - 1}");
            return parameters.Tokens.Span.ToArray();
        }
        if (pair.Tokenizer is null) throw NeedsTokenizer("prompt");
        int[] tokens = pair.Tokenizer.Encode(parameters.Prompt, addSpecialTokens: true);
        return tokens.Length > 0 ? tokens : throw RpcException.Invalid("prompt", "has no tokens; expected at least one");
    }

    private SamplingOptions Sampling(GenerateParams parameters)
    {
        var sampling = new SamplingOptions
        {
            Temperature = parameters.Temperature,
            TopK = parameters.TopK,
            TopP = parameters.TopP,
            MinP = parameters.MinP,
            RepetitionPenalty = parameters.RepetitionPenalty,
            PresencePenalty = parameters.PresencePenalty,
            FrequencyPenalty = parameters.FrequencyPenalty,
            // Not every client reads integers beyond 2^63.
            Seed = parameters.Seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 1,
            LogitBias = parameters.LogitBias.Count > 0 ? new Dictionary<int, float>(parameters.LogitBias) : null,
        };
        return sampling.Fault(pair.Config.VocabularySize) is { } fault ? throw RpcException.Invalid("", fault) : sampling;
    }

    private string? Speculator(string name) => name switch
    {
        StrategyNames.Auto or StrategyNames.Merged => null,
        StrategyNames.Static when !pair.HasDraft => throw new RpcException(RpcErrorCode.NotSupported, "speculator static: this service has no draft model"),
        _ => name,
    };

    private RpcException NeedsTokenizer(string parameter) =>
        new(RpcErrorCode.NotSupported, $"{parameter}: {pair.TargetDirectory} has no tokenizer.json; expected token ids");
}
