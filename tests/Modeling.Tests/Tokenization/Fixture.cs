using System.Text.Json;
using Atlas.Modeling.Tokenization;

namespace Atlas.Modeling.Tests.Tokenization;

/// <summary>A tokenizer of the golden folder with what Hugging Face's library made of the texts.</summary>
public sealed class Fixture
{
    /// <summary>The names under which the golden folder holds tokenizers.</summary>
    public static readonly string[] Styles = ["gpt2", "llama3", "qwen2"];

    private static readonly Dictionary<string, Lazy<Fixture>> ByStyle =
        Styles.ToDictionary(style => style, style => new Lazy<Fixture>(() => new Fixture(style)));

    private Fixture(string style)
    {
        Tokenizer = Tokenizer.Load(PathOf($"{style}.tokenizer.json"));
        using var golden = JsonDocument.Parse(File.ReadAllBytes(PathOf($"{style}.golden.json")));
        var root = golden.RootElement;
        Blocks = Hashes(root.GetProperty("blocks"));
        Random = Hashes(root.GetProperty("random"));
        Decoded = Hashes(root.GetProperty("decoded"));
        Strings = [.. root.GetProperty("strings").EnumerateArray().Select(ids => ids.EnumerateArray().Select(id => id.GetInt32()).ToArray())];
    }

    public Tokenizer Tokenizer { get; }

    public uint[] Blocks { get; }

    public uint[] Random { get; }

    public uint[] Decoded { get; }

    public int[][] Strings { get; }

    public static Fixture Of(string style) => ByStyle[style].Value;

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Tokenization", "golden", file);

    private static uint[] Hashes(JsonElement hex) => [.. hex.GetString()!.Chunk(8).Select(digits => Convert.ToUInt32(new string(digits), 16))];
}
