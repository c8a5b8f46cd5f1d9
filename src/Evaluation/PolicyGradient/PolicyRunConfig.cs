using System.Text.Json;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Rewards;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>What a policy-gradient run does, as its file has it (<c>experiments/rl</c>). With the start policy it fixes every sample and every weight.</summary>
public sealed record PolicyRunConfig
{
    private const int MostSamples = 1024;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Domains of the tasks, in turn; each must have a reward (<see cref="RewardCatalog"/>).</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Steps: rollouts, learning, new weights.</summary>
    public required int Steps { get; init; }

    /// <summary>Prompts of each step.</summary>
    public required int PromptsPerStep { get; init; }

    /// <summary>Samples of each prompt; at least 2.</summary>
    public required int GroupSize { get; init; }

    /// <summary>Prompts after which they come again; 0 draws new ones in every step.</summary>
    public int PromptPool { get; init; }

    /// <summary>Tasks with longer prompts are passed over.</summary>
    public int MaxPromptTokens { get; init; } = 256;

    /// <summary>Most tokens of a sample.</summary>
    public int MaxTokens { get; init; } = 128;

    /// <summary>Keys tasks and samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Draft tokens per step of the static strategy; the controller chooses its own.</summary>
    public int Lookahead { get; init; } = 4;

    /// <summary>Numbers of samples at once among which the one best for plain decoding is measured before the first step; all strategies use it.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [8, 16, 32, 64];

    /// <summary>First steps that comparisons of early with late acceptance leave out.</summary>
    public int WarmUpSteps { get; init; } = 5;

    /// <summary>Steps between two checkpoints.</summary>
    public int CheckpointSteps { get; init; } = 10;

    /// <summary>With a latency table, one step in so many is priced.</summary>
    public int PricedSteps { get; init; } = 4;

    /// <summary>How the policy learns.</summary>
    public GrpoOptions Learning { get; init; } = new();

    /// <summary>Samples of each step.</summary>
    internal int SamplesPerStep => PromptsPerStep * GroupSize;

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="RecipeException">It is none; the message names the file and what is wrong.</exception>
    public static PolicyRunConfig Read(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path} does not exist; expected the configuration of a policy-gradient run");
        try
        {
            var config = JsonSerializer.Deserialize<PolicyRunConfig>(File.ReadAllBytes(path), Json)
                ?? throw new RecipeException($"{path} is null; expected the configuration of a policy-gradient run");
            return config.Fault() is { } fault ? throw new RecipeException($"{path}: {fault}") : config;
        }
        catch (JsonException e)
        {
            throw new RecipeException($"{path}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>What two runs must have in common to be one: all but how long it is, and how often it is saved.</summary>
    internal string Identity() => JsonSerializer.Serialize(this with { Steps = 0, CheckpointSteps = 0 }, Json);

    /// <summary>What is out of range, or null.</summary>
    internal string? Fault()
    {
        if (Domains.Count == 0) return "domains is empty; expected at least one";
        if (Domains.FirstOrDefault(domain => !RewardCatalog.Domains.Contains(domain)) is { } unknown)
            return $"domains names '{unknown}', which has no reward; expected some of {string.Join(", ", RewardCatalog.Domains)}";
        foreach (var (name, value, least) in new[]
        {
            ("steps", Steps, 1), ("prompts_per_step", PromptsPerStep, 1), ("group_size", GroupSize, 2), ("prompt_pool", PromptPool, 0),
            ("max_prompt_tokens", MaxPromptTokens, 1), ("max_tokens", MaxTokens, 1), ("lookahead", Lookahead, 1), ("warm_up_steps", WarmUpSteps, 0),
            ("checkpoint_steps", CheckpointSteps, 1), ("priced_steps", PricedSteps, 1),
        })
            if (value < least)
                return $"{name} is {value}; expected at least {least}";
        if (Lookahead > 16) return $"lookahead is {Lookahead}; expected at most 16";
        if (SamplesPerStep > MostSamples) return $"prompts_per_step times group_size is {SamplesPerStep}; expected at most {MostSamples}";
        if (BatchSizes.Count == 0 || BatchSizes.Any(size => size < 1)) return "batch_sizes must hold sizes of 1 or more";
        if (Learning.Fault() is { } fault) return $"learning.{fault}";
        return PromptsPerStep % Learning.UpdatesPerStep == 0
            ? null
            : $"learning.updates_per_step is {Learning.UpdatesPerStep}; expected a divisor of prompts_per_step, {PromptsPerStep}";
    }
}
