using System.Text;
using Atlas.Modeling.Tokenization;

namespace Atlas.Modeling.Tests.Tokenization;

/// <summary>Ids and texts are those of Hugging Face's tokenizers (<c>golden/README.md</c> says how these were obtained).</summary>
public class GoldenTests
{
    public static TheoryData<string> Styles => [.. Fixture.Styles];

    [Theory]
    [MemberData(nameof(Styles))]
    public void Chosen_texts_have_the_reference_ids(string style)
    {
        var fixture = Fixture.Of(style);
        Assert.Equal(GoldenTexts.Strings.Length, fixture.Strings.Length);
        for (var i = 0; i < fixture.Strings.Length; i++)
        {
            var ids = fixture.Tokenizer.Encode(GoldenTexts.Strings[i], addSpecialTokens: true);
            Assert.True(fixture.Strings[i].SequenceEqual(ids),
                $"{Escape(GoldenTexts.Strings[i])}: {string.Join(",", ids)}, expected {string.Join(",", fixture.Strings[i])}");
        }
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Random_texts_have_the_reference_ids(string style)
    {
        var fixture = Fixture.Of(style);
        for (var seed = 0; seed < fixture.Random.Length; seed++)
        {
            var text = GoldenTexts.Random(seed);
            var ids = fixture.Tokenizer.Encode(text, addSpecialTokens: seed % 2 == 1);
            Assert.True(GoldenTexts.Hash(ids) == fixture.Random[seed], $"seed {seed}, {Escape(text)}: {string.Join(",", ids)}");
        }
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Random_tokens_decode_to_the_reference_text(string style)
    {
        var fixture = Fixture.Of(style);
        for (var seed = 0; seed < fixture.Decoded.Length; seed++)
        {
            var tokens = GoldenTexts.RandomTokens(seed, fixture.Tokenizer.VocabularySize);
            var hash = GoldenTexts.Hash(fixture.Tokenizer.Decode(tokens, skipSpecialTokens: false));
            hash = GoldenTexts.Hash(fixture.Tokenizer.Decode(tokens, skipSpecialTokens: true), hash);
            Assert.True(hash == fixture.Decoded[seed], $"seed {seed}: {string.Join(",", tokens)}");
        }
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Scalar_values_of_all_scripts_have_the_reference_ids_in_every_context(string style) =>
        CheckBlocks(style, block => block is < 0x34 or 0x4D or (>= 0xA0 and < 0xAD) or 0xD7 or (>= 0xF9 and < 0x130) or 0x16A
            or (>= 0x1D0 and < 0x1FC) or 0x2F8 || block % 64 == 5);

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Styles))]
    public void Every_scalar_value_has_the_reference_ids_in_every_context(string style) => CheckBlocks(style, _ => true);

    private static void CheckBlocks(string style, Func<int, bool> isChecked)
    {
        var fixture = Fixture.Of(style);
        var templates = style == "qwen2" ? [.. GoldenTexts.Templates, .. GoldenTexts.NormalizationTemplates] : GoldenTexts.Templates;
        var blocks = Enumerable.Range(0, 0x1100).Where(block => block is < 0xD8 or >= 0xE0).ToArray();
        Assert.Equal(blocks.Length, fixture.Blocks.Length);
        var wrong = Enumerable.Range(0, blocks.Length).Where(i => isChecked(blocks[i]))
            .Where(i => HashBlock(fixture.Tokenizer, blocks[i], templates) != fixture.Blocks[i]).Select(i => $"U+{blocks[i]:X2}xx").ToArray();
        Assert.True(wrong.Length == 0, $"blocks that differ: {string.Join(" ", wrong)}");
    }

    private static uint HashBlock(Tokenizer tokenizer, int block, string[] templates)
    {
        var hash = GoldenTexts.HashStart;
        var text = new StringBuilder();
        foreach (var template in templates)
        {
            text.Clear();
            for (var code = block * 256; code < (block * 256) + 256; code++)
                text.Append(template.Replace("{c}", char.ConvertFromUtf32(code), StringComparison.Ordinal)).Append(' ');
            hash = GoldenTexts.Hash(tokenizer.Encode(text.ToString(), addSpecialTokens: false), hash);
        }

        return hash;
    }

    private static string Escape(string text) =>
        string.Concat(text.Select(unit => unit is >= ' ' and < '\u007f' ? unit.ToString() : $"\\u{(int)unit:x4}"));
}
