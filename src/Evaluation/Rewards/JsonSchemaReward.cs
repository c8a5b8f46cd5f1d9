using System.Text.Json;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Rewards;

/// <summary>
/// JSON that must satisfy the schema of the task's expected answer: objects with exactly these members, values of these kinds. JSON at all earns
/// <see cref="JsonCredit"/>, the share of the schema's places that are filled as it asks earns up to <see cref="SchemaCredit"/> more, the
/// expected values the rest.
/// </summary>
public sealed class JsonSchemaReward : IReward
{
    /// <summary>What any JSON value earns.</summary>
    public const double JsonCredit = 0.1;

    /// <summary>What a value that satisfies the whole schema earns on top.</summary>
    public const double SchemaCredit = 0.5;

    /// <inheritdoc/>
    public double Score(WorkloadItem item, string completion)
    {
        if (item.Accepts(completion)) return 1;
        if (!TryParse(completion, out var answer)) return 0;
        var (filled, places) = Compare(JsonNode.Parse(item.Completion), answer);
        return JsonCredit + SchemaCredit * filled / places;
    }

    /// <summary>Whether a completion is JSON of the task's schema, whatever its values.</summary>
    public static bool Satisfies(WorkloadItem item, string completion)
    {
        if (!TryParse(completion, out var answer)) return false;
        var (filled, places) = Compare(JsonNode.Parse(item.Completion), answer);
        return filled == places;
    }

    // Every value is a place; a member that the schema does not have is a place that nothing can fill.
    private static (int Filled, int Places) Compare(JsonNode? expected, JsonNode? answer)
    {
        if (expected is not JsonObject schema) return (SameKind(expected, answer) ? 1 : 0, 1);
        var given = answer as JsonObject;
        var (filled, places) = (given is null ? 0 : 1, 1);
        foreach (var (name, value) in schema)
        {
            bool there = given?.ContainsKey(name) ?? false;
            var (own, all) = there ? Compare(value, given![name]) : (0, Places(value));
            (filled, places) = (filled + own, places + all);
        }
        if (given is not null) places += given.Count(member => !schema.ContainsKey(member.Key));
        return (filled, places);
    }

    private static int Places(JsonNode? value) => value is JsonObject schema ? 1 + schema.Sum(member => Places(member.Value)) : 1;

    private static bool SameKind(JsonNode? expected, JsonNode? answer)
    {
        var (a, b) = (Kind(expected), Kind(answer));
        return a == b && (a != JsonValueKind.Number || IsWhole(expected!) == IsWhole(answer!));
    }

    private static bool IsWhole(JsonNode number) => number.AsValue().TryGetValue<long>(out _);

    // True and false are one kind.
    private static JsonValueKind Kind(JsonNode? value) =>
        value is null ? JsonValueKind.Null : value.GetValueKind() is var kind && kind == JsonValueKind.False ? JsonValueKind.True : kind;

    private static bool TryParse(string text, out JsonNode? value)
    {
        try
        {
            value = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}
