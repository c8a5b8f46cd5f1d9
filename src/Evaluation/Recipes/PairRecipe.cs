using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Everything that a target and its static draft model are made from: tokenizer, domains, shapes, training. Read from a JSON file that lies
/// beside the models, so that one command makes them again.
/// </summary>
public sealed record PairRecipe
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Keys all random choices.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// The corpus recipe (<see cref="Text.CorpusRecipe"/>) of the real text; in the file relative to its directory. Null for none.
    /// </summary>
    public string? Corpus { get; init; }

    /// <summary>The vocabulary that both share.</summary>
    public required TokenizerRecipe Tokenizer { get; init; }

    /// <summary>The target.</summary>
    public required ModelRecipe Target { get; init; }

    /// <summary>The draft model.</summary>
    public required ModelRecipe Draft { get; init; }

    /// <summary>What the learned speculator begins with; null for untrained weights.</summary>
    public HeadRecipe? Head { get; init; }

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="RecipeException">It is no recipe; the message names the file and what is wrong.</exception>
    public static PairRecipe Read(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path} does not exist; expected a recipe");
        try
        {
            var recipe = JsonSerializer.Deserialize<PairRecipe>(File.ReadAllBytes(path), Json)
                ?? throw new RecipeException($"{path} is null; expected a recipe");
            if (recipe.Fault() is { } fault) throw new RecipeException($"{path}: {fault.ReplaceLineEndings(" ")}");
            string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return recipe with { Corpus = recipe.Corpus is { } corpus ? Path.Combine(directory, corpus) : null };
        }
        catch (JsonException e)
        {
            throw new RecipeException($"{path}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private string? Fault() => Tokenizer.Fault() ?? Target.Fault("target") ?? Draft.Fault("draft") ?? Head?.Fault("head") ?? CorpusFault();

    private string? CorpusFault() => Corpus is null && (Target.TextShare > 0 || Draft.TextShare > 0 || Tokenizer.TextCharacters > 0)
        ? "corpus is not given; expected a corpus recipe, as text_share or text_characters asks for text"
        : null;
}
