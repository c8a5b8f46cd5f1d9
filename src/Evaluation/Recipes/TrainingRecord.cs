using System.Text.Json;
using Atlas.Modeling;
using Atlas.Modeling.Checkpoints;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>What a model was trained on: a JSON file beside its weights, written by the training and read by whoever judges the model.</summary>
public sealed record TrainingRecord
{
    /// <summary>The file's name.</summary>
    public const string FileName = "training.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Domains it has seen.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Share of its training tokens that were real text.</summary>
    public required double TextShare { get; init; }

    /// <summary>Seed of the recipe.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Optimizer updates.</summary>
    public required long Updates { get; init; }

    /// <summary>Tokens trained on.</summary>
    public required long Tokens { get; init; }

    /// <summary>Seconds of training.</summary>
    public required double Seconds { get; init; }

    /// <summary>Loss on held-out completions of every domain, and on held-out text, in nats per token.</summary>
    public required IReadOnlyDictionary<string, double> HeldOutLoss { get; init; }

    /// <summary>The record of a finished run.</summary>
    internal static TrainingRecord Of(ModelRecipe recipe, ulong seed, PretrainingState state) => new()
    {
        Domains = [.. recipe.Domains.Distinct()],
        TextShare = recipe.TextShare,
        Seed = seed,
        Updates = state.Step,
        Tokens = state.Tokens,
        Seconds = Math.Round(state.ElapsedSeconds),
        HeldOutLoss = state.HeldOut is { } losses
            ? new SortedDictionary<string, double>(losses.Sets.ToDictionary(set => set.Key, set => Math.Round(set.Value, 4)), StringComparer.Ordinal)
            : [],
    };

    /// <summary>The record in a model's directory; null where there is none.</summary>
    /// <exception cref="CheckpointException">The file is no such record.</exception>
    public static TrainingRecord? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<TrainingRecord>(File.ReadAllBytes(path), Json)
                ?? throw new CheckpointException($"{path} is null; expected what the model was trained on");
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{path}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Writes it into a model's directory.</summary>
    internal void Write(string directory) =>
        AtomicFile.Write(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));
}
