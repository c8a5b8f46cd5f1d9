using System.Text;
using System.Text.Json;

namespace Atlas.Modeling.Tests.Tokenization;

/// <summary>The texts of <c>golden/texts.json</c>, and the random ones and hashes that <c>golden/make-golden.mjs</c> computes alike.</summary>
internal static class GoldenTexts
{
    public const uint HashStart = 0x811c9dc5;

    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Fixture.PathOf("texts.json"))).RootElement;

    public static readonly string[] Templates = Texts("templates");

    public static readonly string[] NormalizationTemplates = Texts("normalizationTemplates");

    public static readonly string[] Strings = Texts("strings");

    public static readonly string[] Fragments = Texts("fragments");

    /// <summary>The random text of a seed.</summary>
    public static string Random(int seed)
    {
        var next = new Mulberry(seed);
        var text = new StringBuilder();
        for (var parts = 1 + next.Below(12); parts > 0; parts--)
        {
            var kind = next.Below(8);
            if (kind < 5)
            {
                text.Append(Fragments[next.Below(Fragments.Length)]);
                continue;
            }

            var code = next.Below(new[] { 0x100, 0x3100, 0x110000 }[kind - 5]);
            text.Append(char.ConvertFromUtf32(code is >= 0xD800 and < 0xE000 ? 0xFFFD : code));
        }

        return text.ToString();
    }

    /// <summary>Random tokens of a seed, some of which no vocabulary of this size has.</summary>
    public static int[] RandomTokens(int seed, int vocabularySize)
    {
        var next = new Mulberry(seed);
        var tokens = new int[1 + next.Below(20)];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = next.Below(4) == 0 ? next.Below(256) : next.Below(vocabularySize + 3);
        return tokens;
    }

    /// <summary>FNV-1a over whole values.</summary>
    public static uint Hash(ReadOnlySpan<int> values, uint hash = HashStart)
    {
        foreach (var value in values) hash = (hash ^ (uint)value) * 16777619;
        return hash;
    }

    /// <summary>FNV-1a over UTF-16 code units.</summary>
    public static uint Hash(string text, uint hash = HashStart) => Hash(text.Select(unit => (int)unit).ToArray(), hash);

    // Unpaired surrogates cannot be read as strings by System.Text.Json, so the escapes are resolved here.
    private static string[] Texts(string key) => [.. Root.GetProperty(key).EnumerateArray().Select(Unescape)];

    private static string Unescape(JsonElement element)
    {
        var raw = element.GetRawText()[1..^1];
        var text = new StringBuilder();
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)Convert.ToInt32(raw.Substring(i + 1, 4), 16));
                i += 4;
                continue;
            }

            text.Append(raw[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
        }

        return text.ToString();
    }
}
