using System.Text.Json;
using System.Text.Json.Serialization;
using Atlas.Controller.Latency;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Replay;

namespace Atlas.Evaluation.Rollouts;

/// <summary>
/// What the parts of a step take on another machine, a GPU say, as a file has it: milliseconds of a target forward over so many rows, and what
/// each speculator's drafting takes. Whatever is priced with it is a simulation.
/// </summary>
public sealed record MachineTable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Which machine and model.</summary>
    public required string Name { get; init; }

    /// <summary>Where the figures come from: measured how, or computed from what.</summary>
    public required string Source { get; init; }

    /// <summary>What the figures were computed from; null where they were measured.</summary>
    public Roofline? Roofline { get; init; }

    /// <summary>Pairs of rows and milliseconds, rows rising from 1.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Target { get; init; }

    /// <summary>Drafting by speculator: static, suffix, recall, learned, learned-text.</summary>
    public required IReadOnlyDictionary<string, MachineDraftCost> Speculators { get; init; }

    /// <summary>The target's forwards, as the controller takes them.</summary>
    [JsonIgnore]
    public LatencyProfile Latency => LatencyProfile.Of([.. Target.Select(point => ((int)point[0], point[1] / 1000))]);

    /// <summary>What a speculator's drafting takes; recall's, where the table does not say, is the suffix speculator's: both look up and compare.</summary>
    /// <exception cref="RecipeException">The table does not say.</exception>
    public DraftCost CostOf(string speculator) => Speculators.TryGetValue(speculator, out var cost) || (speculator == ReplayStrategies.Recall && Speculators.TryGetValue(ReplayStrategies.Suffix, out cost))
        ? new DraftCost(cost.CallMs / 1000, cost.LevelMs / 1000, cost.TokenMs / 1000)
        : throw new RecipeException($"latency table '{Name}': speculators has no {speculator}; expected its call_ms, level_ms and token_ms");

    /// <summary>Reads a table.</summary>
    /// <exception cref="RecipeException">It is none; the message names the file and what is wrong.</exception>
    public static MachineTable Read(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path} does not exist; expected a latency table");
        try
        {
            var table = JsonSerializer.Deserialize<MachineTable>(File.ReadAllBytes(path), Json)
                ?? throw new RecipeException($"{path} is null; expected a latency table");
            return table.Fault() is { } fault ? throw new RecipeException($"{path}: {fault}") : table;
        }
        catch (JsonException e)
        {
            throw new RecipeException($"{path}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>What tells it from other tables: runs that were priced with one cannot go on with another.</summary>
    internal string Identity() => JsonSerializer.Serialize(this, Json);

    private string? Fault()
    {
        if (Target.Count < 2) return $"target has {Target.Count} entries; expected two or more pairs of rows and milliseconds";
        for (int i = 0; i < Target.Count; i++)
        {
            if (Target[i] is not [var rows, var ms] || rows != Math.Floor(rows) || rows is < 1 or > 1 << 20 || !(ms > 0 && double.IsFinite(ms)))
                return $"target[{i}] is no pair of rows and milliseconds; expected such as [8, 5.1]";
            if (i == 0 ? rows != 1 : rows <= Target[i - 1][0]) return $"target[{i}] has {rows} rows; expected rows that rise from 1";
        }
        foreach (var (name, cost) in Speculators)
            if (cost is null || !(cost.CallMs >= 0 && cost.LevelMs >= 0 && cost.TokenMs >= 0))
                return $"speculators.{name} has a negative time; expected 0 or more";
        return null;
    }
}
