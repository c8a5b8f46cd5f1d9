using System.Text.Json;
using System.Text.Json.Serialization;
using Atlas.Evaluation.Recipes;

namespace Atlas.Evaluation.Text;

/// <summary>Which text is read from the machine's installed Debian packages. Read from a JSON file beside the recipe of a pair.</summary>
public sealed record CorpusRecipe
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Files larger than this are left out, in bytes after decompression: they are tables and generated code.</summary>
    public int MostFileBytes { get; init; } = 262_144;

    /// <summary>Files with a longer line than this are left out, in characters.</summary>
    public int LongestLine { get; init; } = 320;

    /// <summary>Files with a larger share of digits among their characters, white space apart, are left out: they are tables.</summary>
    public double MostDigits { get; init; } = 0.1;

    /// <summary>Most characters of a document; a longer file is cut at ends of lines.</summary>
    public int DocumentCharacters { get; init; } = 1600;

    /// <summary>One file of so many is held out, whole.</summary>
    public int HeldOutOneIn { get; init; } = 20;

    /// <summary>Where text comes from.</summary>
    public required IReadOnlyList<CorpusSource> Sources { get; init; }

    /// <summary>Reads a corpus recipe.</summary>
    /// <exception cref="RecipeException">It is none; the message names the file and what is wrong.</exception>
    public static CorpusRecipe Read(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path} does not exist; expected a corpus recipe");
        try
        {
            var recipe = JsonSerializer.Deserialize<CorpusRecipe>(File.ReadAllBytes(path), Json)
                ?? throw new RecipeException($"{path} is null; expected a corpus recipe");
            if (recipe.Fault() is { } fault) throw new RecipeException($"{path}: {fault}");
            return recipe;
        }
        catch (JsonException e)
        {
            throw new RecipeException($"{path}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private string? Fault()
    {
        if (MostFileBytes < 1) return $"most_file_bytes is {MostFileBytes}; expected 1 or more";
        if (LongestLine < 1) return $"longest_line is {LongestLine}; expected 1 or more";
        if (!(MostDigits is >= 0 and <= 1)) return $"most_digits is {MostDigits}; expected 0 to 1";
        if (DocumentCharacters <= LongestLine) return $"document_characters is {DocumentCharacters}; expected more than longest_line, {LongestLine}";
        if (HeldOutOneIn < 2) return $"held_out_one_in is {HeldOutOneIn}; expected 2 or more";
        if (Sources.Count == 0) return "sources is empty; expected at least one";
        // A list in JSON may hold null.
        return Sources.Select(source => source is null ? "sources has null; expected a source" : source.Fault()).FirstOrDefault(f => f is not null);
    }
}
