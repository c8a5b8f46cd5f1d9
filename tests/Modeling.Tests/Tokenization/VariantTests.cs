using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atlas.Modeling.Tokenization;

namespace Atlas.Modeling.Tests.Tokenization;

/// <summary>The GPT-2 fixture with other parts has the ids of Hugging Face's tokenizers (<c>golden/make-variants.mjs</c>).</summary>
public class VariantTests
{
    private static readonly JsonElement[] Variants =
        [.. JsonDocument.Parse(File.ReadAllBytes(Fixture.PathOf("variants.golden.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Variants.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_variant_has_the_reference_ids(int number)
    {
        var root = JsonNode.Parse(File.ReadAllBytes(Fixture.PathOf("gpt2.tokenizer.json")))!;
        foreach (var part in Variants[number].GetProperty("variant").EnumerateObject()) root[part.Name] = JsonNode.Parse(part.Value.GetRawText());
        var tokenizer = Tokenizer.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "tokenizer.json");

        var hashes = Variants[number].GetProperty("hashes").GetString()!;
        Assert.Equal(GoldenTexts.Strings.Length * 8, hashes.Length);
        for (var i = 0; i < GoldenTexts.Strings.Length; i++)
        {
            var ids = tokenizer.Encode(GoldenTexts.Strings[i], addSpecialTokens: true);
            var hash = GoldenTexts.Hash(ids).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(hash == hashes.Substring(i * 8, 8), $"{JsonSerializer.Serialize(GoldenTexts.Strings[i])}: {string.Join(",", ids)}");
        }
    }
}
