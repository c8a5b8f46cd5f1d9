using System.Text;
using System.Text.Json.Nodes;
using Atlas.Host.Tests.Running;

namespace Atlas.Host.Tests.Refusals;

/// <summary>Models that cannot run are refused in one line with exit code 2, before anything is written.</summary>
public sealed class CheckpointRefusalTests(TinyPair pair) : IClassFixture<TinyPair>
{
    [Fact]
    public void A_directory_that_is_not_there() => Target("/no/such/model").Refused("/no/such/model");

    [Fact]
    public void A_directory_without_configuration()
    {
        string directory = pair.CopyTarget("no-config");
        File.Delete(Path.Combine(directory, "config.json"));
        Target(directory).Refused("config.json");
    }

    [Fact]
    public void A_configuration_that_is_no_json()
    {
        string directory = pair.CopyTarget("bad-config");
        File.WriteAllText(Path.Combine(directory, "config.json"), "{\"model_type\":");
        Target(directory).Refused("config.json");
    }

    [Theory]
    [InlineData("model_type", "\"gpt2\"", "gpt2")]
    [InlineData("hidden_size", "-3", "hidden_size")]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act")]
    [InlineData("rope_parameters", "{\"rope_type\":\"yarn\",\"rope_theta\":10000.0,\"factor\":4.0}", "yarn")]
    public void A_configuration_that_is_not_supported(string key, string value, string mention) =>
        Target(pair.CopyTarget($"config-{key}", config => config[key] = JsonNode.Parse(value))).Refused("config.json", mention);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(400)]
    [InlineData(-1)]
    public void A_truncated_weight_file(int length)
    {
        string directory = pair.CopyTarget($"truncated{length}"), path = Path.Combine(directory, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, length < 0 ? bytes[..^1] : bytes[..length]);
        Target(directory).Refused("model.safetensors");
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        string directory = pair.CopyTarget("missing-tensor"), path = Path.Combine(directory, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf("model.layers.1.mlp.up_proj.weight"u8);
        Encoding.ASCII.GetBytes("model.layers.1.mlp.uq_proj.weight").CopyTo(bytes, at);
        File.WriteAllBytes(path, bytes);
        Target(directory).Refused("model.layers.1.mlp.up_proj.weight");
    }

    [Fact]
    public void No_tokenizer()
    {
        string directory = pair.CopyTarget("no-tokenizer");
        File.Delete(Path.Combine(directory, "tokenizer.json"));
        Target(directory).Refused(directory, "tokenizer.json");
    }

    [Fact]
    public void A_stop_string_without_a_tokenizer()
    {
        string directory = pair.CopyTarget("no-tokenizer-stop");
        File.Delete(Path.Combine(directory, "tokenizer.json"));
        AtlasProgram.Run("generate", "--target", directory, "--prompt-tokens", "1,2", "--stop", "a").Refused(directory, "tokenizer.json");
    }

    [Fact]
    public void A_tokenizer_wider_than_the_model()
    {
        string directory = pair.Write("narrow", pair.Config with { VocabularySize = pair.Config.VocabularySize - 4, EndTokens = [1] });
        Target(directory).Refused("tokenizer.json", $"{pair.Config.VocabularySize} tokens", "vocab_size");
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("other")]
    public void A_damaged_tokenizer(string damage)
    {
        string directory = pair.CopyTarget($"tokenizer-{damage}"), path = Path.Combine(directory, "tokenizer.json");
        string json = File.ReadAllText(path);
        File.WriteAllText(path, damage == "cut" ? json[..(json.Length / 2)] : json.Replace("\"BPE\"", "\"Unigram\"", StringComparison.Ordinal));
        Target(directory).Refused("tokenizer.json");
    }

    [Fact]
    public void A_draft_model_whose_vocabulary_has_another_size()
    {
        string draft = pair.Write("wide-draft", pair.Config with { VocabularySize = pair.Config.VocabularySize + 8 });
        Pair(draft).Refused(draft, "vocab_size", $"{pair.Config.VocabularySize}");
    }

    [Fact]
    public void A_draft_model_whose_vocabulary_has_other_tokens()
    {
        var other = TinyPair.Learn(2);
        Assert.Equal(pair.Tokenizer.VocabularySize, other.VocabularySize);
        string draft = pair.Write("other-draft", pair.Config, vocabulary: other);
        Pair(draft).Refused(draft, "token");
    }

    [Fact]
    public void A_draft_model_that_is_damaged_is_refused_even_where_it_would_not_run() =>
        AtlasProgram.Run("generate", "--target", pair.Target, "--draft", "/no/such/draft", "--speculator", "none", "--prompt", "a")
            .Refused("/no/such/draft");

    [Fact]
    public void A_prompt_longer_than_the_context()
    {
        string directory = pair.CopyTarget("short", config => config["max_position_embeddings"] = 16);
        string tokens = string.Join(',', Enumerable.Range(10, 16));
        AtlasProgram.Run("generate", "--target", directory, "--prompt-tokens", tokens).Refused("16 tokens", "15", directory);
    }

    [Fact]
    public void A_demonstration_whose_prompts_exceed_the_context()
    {
        string directory = pair.CopyTarget("short-demo", config => config["max_position_embeddings"] = 16);
        AtlasProgram.Run("demo", "--target", directory, "--draft", pair.Draft, "--requests", "1").Refused("context", directory);
    }

    private static ProgramResult Target(string directory) => AtlasProgram.Run("generate", "--target", directory, "--prompt", "a");

    private ProgramResult Pair(string draft) => AtlasProgram.Run("generate", "--target", pair.Target, "--draft", draft, "--prompt", "a");
}
