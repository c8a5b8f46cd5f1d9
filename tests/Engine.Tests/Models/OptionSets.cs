using Atlas.Core.Sampling;

namespace Atlas.Engine.Tests.Models;

/// <summary>Sampling options by name: each alone, and all together.</summary>
internal static class OptionSets
{
    public static string[] Names { get; } =
    [
        "greedy", "temperature", "top-k", "top-p", "min-p", "repetition", "presence", "frequency", "greedy-penalties", "bias", "mask", "constraint",
        "greedy-constraint", "all",
    ];

    /// <summary>The options of request <paramref name="request"/>, each with a seed of its own.</summary>
    public static SamplingOptions Get(string name, int vocabulary, int request)
    {
        var sampled = new SamplingOptions { Temperature = 0.8f, Seed = (ulong)(1000 + request) };
        return name switch
        {
            "greedy" => SamplingOptions.Greedy,
            "temperature" => sampled,
            "top-k" => sampled with { TopK = 7 },
            "top-p" => sampled with { TopP = 0.8f },
            "min-p" => sampled with { MinP = 0.1f },
            "repetition" => sampled with { RepetitionPenalty = 1.4f },
            "presence" => sampled with { PresencePenalty = 0.8f },
            "frequency" => sampled with { FrequencyPenalty = 0.6f },
            "greedy-penalties" => new SamplingOptions { RepetitionPenalty = 1.2f, PresencePenalty = 0.4f, FrequencyPenalty = 0.3f },
            "bias" => sampled with { LogitBias = new Dictionary<int, float> { [5] = 3f, [6] = float.NegativeInfinity, [20] = 1.5f } },
            "mask" => sampled with { AllowedTokens = LowerHalf(vocabulary) },
            "constraint" => sampled with { Constraint = new ParityConstraint(vocabulary) },
            "greedy-constraint" => new SamplingOptions { Constraint = new ParityConstraint(vocabulary) },
            "all" => new SamplingOptions
            {
                Temperature = 1.1f,
                TopK = 40,
                TopP = 0.95f,
                MinP = 0.01f,
                RepetitionPenalty = 1.1f,
                PresencePenalty = 0.2f,
                FrequencyPenalty = 0.1f,
                LogitBias = new Dictionary<int, float> { [5] = 1f },
                AllowedTokens = LowerHalf(vocabulary),
                Constraint = new ParityConstraint(vocabulary),
                Seed = (ulong)request,
            },
            _ => throw new ArgumentException($"no options are called {name}", nameof(name)),
        };
    }

    private static TokenMask LowerHalf(int vocabulary)
    {
        var mask = new TokenMask(vocabulary);
        for (int token = 0; token < vocabulary / 2; token++) mask.Allow(token);
        return mask;
    }
}
