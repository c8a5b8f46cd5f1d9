using System.Text;
using System.Text.Json.Nodes;
using Atlas.Modeling.Tokenization;
using Atlas.Modeling.Tokenization.Training;

namespace Atlas.Modeling.Tests.Tokenization;

/// <summary>What would change a result and is not computed is refused by its key.</summary>
public class TokenizerRefusalTests
{
    private static readonly byte[] Json = BpeTrainer.Train(
        ["th th th th that"], new() { VocabularySize = 259, SpecialTokens = ["<|begin|>"], BeginToken = "<|begin|>" }).ToJson();

    [Theory]
    [InlineData("version", "\"2.0\"", "version is \"2.0\"; expected 1.0")]
    [InlineData("truncation", "{\"max_length\":512}", "truncation is ")]
    [InlineData("padding", "{\"strategy\":\"BatchLongest\"}", "padding is ")]
    [InlineData("normalizer", "{\"type\":\"NFKC\"}", "normalizer.type is \"NFKC\"; expected NFC")]
    [InlineData("normalizer", "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},{\"type\":\"Lowercase\"}]}", "normalizer.normalizers[1].type")]
    [InlineData("pre_tokenizer", "null", "pre_tokenizer is null; expected ByteLevel")]
    [InlineData("pre_tokenizer", "{\"type\":\"Metaspace\",\"replacement\":\"_\"}", "pre_tokenizer is ")]
    [InlineData("pre_tokenizer.pretokenizers.0.pattern.Regex", "\"\\\\w+\"", "pre_tokenizer.pretokenizers[0].pattern.Regex is ")]
    [InlineData("pre_tokenizer.pretokenizers.0.behavior", "\"Removed\"", "pretokenizers[0].behavior is \"Removed\"; expected Isolated")]
    [InlineData("pre_tokenizer.pretokenizers.0.behavior", "\"Nonsense\"", "pretokenizers[0].behavior is \"Nonsense\"")]
    [InlineData("pre_tokenizer.pretokenizers.1.type", "\"Digits\"", "pre_tokenizer is ")]
    [InlineData("pre_tokenizer.pretokenizers.1.novel", "1", "pre_tokenizer.pretokenizers[1] has the unknown key \"novel\"")]
    [InlineData("post_processor", "{\"type\":\"RobertaProcessing\"}", "post_processor.type is \"RobertaProcessing\"")]
    [InlineData("post_processor", "{\"type\":\"Sequence\",\"processors\":[{\"type\":\"TemplateProcessing\",\"single\":[],\"pair\":[],\"special_tokens\":{}}," +
        "{\"type\":\"TemplateProcessing\",\"single\":[],\"pair\":[],\"special_tokens\":{}}]}", "expected one TemplateProcessing at most")]
    [InlineData("post_processor.single.1.Sequence.id", "\"B\"", "post_processor.single is ")]
    [InlineData("post_processor.single.0.SpecialToken.id", "\"<other>\"", "post_processor.special_tokens has no key \"<other>\"")]
    [InlineData("post_processor.special_tokens.<|begin|>.ids.0", "9999", "ids[0] is 9999; expected an id below 259")]
    [InlineData("decoder", "null", "decoder is null; expected ByteLevel")]
    [InlineData("decoder", "{\"type\":\"WordPiece\"}", "decoder.type is \"WordPiece\"")]
    [InlineData("model.type", "\"Unigram\"", "model.type is \"Unigram\"; expected BPE")]
    [InlineData("model.dropout", "0.1", "model.dropout is 0.1; expected null")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix is \"##\"")]
    [InlineData("model.novel", "1", "model.novel is 1; expected no such key")]
    [InlineData("model.vocab.th", "9999", "the id 9999; expected the ids 0 to 257")]
    [InlineData("model.vocab.th", "0", "the same id 0; expected an id of its own")]
    [InlineData("model.vocab.th", "\"x\"", "has no id for \"th\"")]
    [InlineData("model.merges.0", "[\"th\",\"nowhere\"]", "model.merges[0] needs \"nowhere\"; expected a token of model.vocab")]
    [InlineData("model.merges.0", "\"t h e\"", "model.merges[0] is no pair")]
    [InlineData("model.merges.1", "[\"t\",\"h\"]", "model.merges[1] repeats an earlier merge")]
    [InlineData("added_tokens.0.id", "300", "\"<|begin|>\" has the id 300; expected 258, the next free one")]
    [InlineData("added_tokens.0.content", "\"th\"", "added_tokens: \"th\" has the id 258; expected ")]
    [InlineData("added_tokens.0.content", "\"\"", "added_tokens[0].content is \"\"; expected a text that is not empty")]
    [InlineData("novel", "1", "has the unknown key \"novel\"")]
    public void A_value_that_is_not_supported_is_refused(string path, string value, string expected)
    {
        var root = JsonNode.Parse(Json)!;
        Replace(root, path.Split('.'), JsonNode.Parse(value));
        var refusal = Assert.Throws<CheckpointException>(() => Tokenizer.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "x/tokenizer.json"));
        Assert.StartsWith("x/tokenizer.json: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("decoder")]
    [InlineData("pre_tokenizer")]
    public void A_part_that_is_missing_is_named(string key)
    {
        var root = JsonNode.Parse(Json)!.AsObject();
        root.Remove(key);
        var refusal = Assert.Throws<CheckpointException>(() => Tokenizer.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "t.json"));
        Assert.Equal($"t.json: has no key \"{key}\"; expected one", refusal.Message);
    }

    [Fact]
    public void A_missing_byte_is_named()
    {
        var json = Encoding.UTF8.GetString(Json).Replace("\"!\": 0", "\"!!\": 0", StringComparison.Ordinal);
        var refusal = Assert.Throws<CheckpointException>(() => Tokenizer.Parse(Encoding.UTF8.GetBytes(json), "t.json"));
        Assert.Equal("t.json: model.vocab has no token \"!\" for the byte 0x21; expected all 256 bytes", refusal.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var refusal = Assert.Throws<CheckpointException>(() => Tokenizer.Load("/nowhere/tokenizer.json"));
        Assert.Equal("/nowhere/tokenizer.json: cannot be read; expected a tokenizer.json", refusal.Message);
    }

    private static void Replace(JsonNode node, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length > 1)
        {
            Replace(node is JsonArray list ? list[int.Parse(path[0])]! : node[path[0]]!, path[1..], value);
            return;
        }

        if (node is JsonArray array) array[int.Parse(path[0])] = value;
        else node[path[0]] = value;
    }
}
