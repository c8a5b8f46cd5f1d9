using System.Text;
using System.Text.Json.Nodes;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>Each refusal of a config.json, word for word: one key is set in an otherwise sound checkpoint.</summary>
public class ConfigRefusalTests
{
    private const string Int = "expected an integer from 1 to";

    [Theory]
    [InlineData("llama", "model_type", "\"gemma2\"", "model_type: \"gemma2\" is not supported, expected one of llama, mistral, qwen2, qwen3")]
    [InlineData("llama", "model_type", "null", "model_type: missing, expected one of llama, mistral, qwen2, qwen3")]
    [InlineData("llama", "model_type", "3", "model_type: 3, expected a string")]
    [InlineData("llama", "architectures", "[\"LlamaForSequenceClassification\"]",
        "architectures: [LlamaForSequenceClassification] for model type llama, expected [LlamaForCausalLM]")]
    [InlineData("qwen2", "architectures", "[\"Qwen2Model\"]", "architectures: [Qwen2Model] for model type qwen2, expected [Qwen2ForCausalLM]")]
    [InlineData("llama", "architectures", "\"LlamaForCausalLM\"", "architectures: \"LlamaForCausalLM\", expected a list of strings")]
    [InlineData("llama", "vocab_size", "null", "vocab_size: missing, " + Int + " 16777216")]
    [InlineData("llama", "vocab_size", "0", "vocab_size: 0, " + Int + " 16777216")]
    [InlineData("llama", "hidden_size", "-8", "hidden_size: -8, " + Int + " 1048576")]
    [InlineData("llama", "hidden_size", "8.0", "hidden_size: 8.0, " + Int + " 1048576")]
    [InlineData("llama", "hidden_size", "\"8\"", "hidden_size: \"8\", " + Int + " 1048576")]
    [InlineData("llama", "hidden_size", "[8]", "hidden_size: a list, " + Int + " 1048576")]
    [InlineData("llama", "intermediate_size", "99999999999999999999", "intermediate_size: 99999999999999999999, " + Int + " 1048576")]
    [InlineData("llama", "num_hidden_layers", "1000000", "num_hidden_layers: 1000000, " + Int + " 4096")]
    [InlineData("llama", "num_attention_heads", "true", "num_attention_heads: true, " + Int + " 1048576")]
    [InlineData("llama", "num_key_value_heads", "3", "num_key_value_heads: 3, expected a divisor of num_attention_heads = 2")]
    [InlineData("llama", "head_dim", "3", "head_dim: 3, expected an even number: rotary positions turn pairs")]
    [InlineData("llama", "head_dim", "1000000", "head_dim: 1000000 times 2 heads, expected a width of at most 1048576")]
    [InlineData("llama", "max_position_embeddings", "0", "max_position_embeddings: 0, " + Int + " 1073741824")]
    [InlineData("llama", "rms_norm_eps", "0", "rms_norm_eps: 0, expected a number from 1E-30 to 1")]
    [InlineData("llama", "rms_norm_eps", "1e999", "rms_norm_eps: 1e999, expected a number from 1E-30 to 1")]
    [InlineData("llama", "rms_norm_eps", "\"1e-5\"", "rms_norm_eps: \"1e-5\", expected a number from 1E-30 to 1")]
    [InlineData("llama", "tie_word_embeddings", "0", "tie_word_embeddings: 0, expected true or false")]
    [InlineData("mistral", "attention_bias", "true", "attention_bias: true, expected false for model type mistral")]
    [InlineData("qwen2", "attention_bias", "false", "attention_bias: false, expected true for model type qwen2")]
    [InlineData("qwen3", "mlp_bias", "true", "mlp_bias: true, expected false for model type qwen3")]
    [InlineData("llama", "use_qk_norm", "true", "use_qk_norm: true, expected false for model type llama")]
    [InlineData("qwen3", "use_qk_norm", "false", "use_qk_norm: false, expected true for model type qwen3")]
    [InlineData("llama", "hidden_act", "\"gelu\"", "hidden_act: \"gelu\" is not supported, expected \"silu\"")]
    [InlineData("llama", "pretraining_tp", "2", "pretraining_tp: 2 is not supported, expected 1")]
    [InlineData("llama", "partial_rotary_factor", "0.5", "partial_rotary_factor: 0.5 is not supported, expected 1")]
    [InlineData("llama", "attn_logit_softcapping", "50.0", "attn_logit_softcapping: 50.0 is not supported, expected null")]
    [InlineData("llama", "final_logit_softcapping", "30.0", "final_logit_softcapping: 30.0 is not supported, expected null")]
    [InlineData("llama", "residual_multiplier", "0.22", "residual_multiplier: 0.22 is not supported, expected 1")]
    [InlineData("llama", "embedding_multiplier", "12", "embedding_multiplier: 12 is not supported, expected 1")]
    [InlineData("llama", "logits_scaling", "8", "logits_scaling: 8 is not supported, expected 1")]
    [InlineData("llama", "attention_multiplier", "0.01", "attention_multiplier: 0.01 is not supported, expected null")]
    [InlineData("llama", "rope_interleaved", "true", "rope_interleaved: true is not supported, expected false")]
    [InlineData("llama", "is_encoder_decoder", "true", "is_encoder_decoder: true is not supported, expected false")]
    [InlineData("llama", "pruned_heads", "{\"0\": [1]}", "pruned_heads: an object is not supported, expected {}")]
    [InlineData("llama", "auto_map", "{\"AutoModel\": \"m.M\"}",
        "auto_map: an object is not supported, expected {} (the model would come with code of its own)")]
    [InlineData("llama", "quantization_config", "{\"quant_method\": \"gptq\"}",
        "quantization_config: an object is not supported, expected null (quantized checkpoints are not supported)")]
    [InlineData("llama", "num_experts", "8", "num_experts: 8 is not supported, expected null")]
    [InlineData("llama", "scale_depth", "1.4", "scale_depth: unknown key, and it might change the result")]
    [InlineData("llama", "eos_token_id", "[2, 20]", "eos_token_id: 20, expected token ids from 0 to 19")]
    [InlineData("llama", "eos_token_id", "-1", "eos_token_id: -1, expected token ids from 0 to 19")]
    [InlineData("llama", "eos_token_id", "\"</s>\"", "eos_token_id: \"</s>\", expected token ids from 0 to 19")]
    [InlineData("llama", "bos_token_id", "20", "bos_token_id: 20, expected an integer from 0 to 19")]
    [InlineData("llama", "sliding_window", "16", "sliding_window: 16, expected null: this model type has no window")]
    [InlineData("llama", "use_sliding_window", "true", "use_sliding_window: true, expected false: this model type has no window")]
    [InlineData("llama", "layer_types", "[\"sliding_attention\", \"full_attention\"]",
        "layer_types: has \"sliding_attention\", expected \"full_attention\" in every layer")]
    [InlineData("llama", "layer_types", "[\"full_attention\"]", "layer_types: 1 entries, expected num_hidden_layers = 2")]
    [InlineData("llama", "layer_types", "[\"full_attention\", \"linear_attention\"]",
        "layer_types: \"linear_attention\" is not supported, expected \"full_attention\" or \"sliding_attention\"")]
    [InlineData("mistral", "sliding_window", "0", "sliding_window: 0, " + Int + " 2147483647")]
    [InlineData("mistral", "layer_types", "[\"sliding_attention\", \"full_attention\"]",
        "layer_types: contradicts sliding_window, which is null and holds for every layer")]
    [InlineData("mistral", "use_sliding_window", "true", "use_sliding_window: contradicts sliding_window, which is null")]
    [InlineData("qwen3", "layer_types", "[\"sliding_attention\", \"full_attention\"]",
        "layer_types: has \"sliding_attention\", expected use_sliding_window true and a sliding_window")]
    [InlineData("qwen2", "max_window_layers", "-1", "max_window_layers: -1, expected an integer from 0 to 2147483647")]
    [InlineData("llama", "rope_theta", "0.5", "rope_theta: 0.5, expected a number from 1 to 1000000000000000")]
    [InlineData("llama", "rope_theta", "500000",
        "rope_theta: 500000 contradicts the 10000 beside the rope type, expected one of them")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\": \"yarn\", \"factor\": 4}",
        "rope_parameters.rope_type: \"yarn\" is not supported, expected \"default\", \"linear\" or \"llama3\"")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\": \"longrope\", \"short_factor\": []}",
        "rope_parameters.rope_type: \"longrope\" is not supported, expected \"default\", \"linear\" or \"llama3\"")]
    [InlineData("llama", "rope_scaling", "{\"type\": \"dynamic\", \"factor\": 4}",
        "rope_scaling.type: \"dynamic\" is not supported, expected \"default\", \"linear\" or \"llama3\"")]
    [InlineData("llama", "rope_scaling", "{\"type\": \"linear\", \"factor\": 4}",
        "rope_scaling: contradicts rope_parameters, expected one of them or the same in both")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\": \"linear\", \"type\": \"default\", \"factor\": 2}",
        "rope_parameters.type: \"default\" contradicts rope_type \"linear\", expected the same")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\": \"linear\"}", "rope_parameters.factor: missing, expected a number from 1 to 1000000")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\": \"linear\", \"factor\": 0.5}",
        "rope_parameters.factor: 0.5, expected a number from 1 to 1000000")]
    [InlineData("llama", "rope_parameters", "{\"factor\": 8}",
        "rope_parameters.factor: 8 without a rope type that uses it, expected rope_type \"linear\" or \"llama3\"")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\": \"default\", \"partial_rotary_factor\": 0.25}",
        "rope_parameters.partial_rotary_factor: 0.25, expected 1")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\": \"default\", \"mrope_section\": [16, 24, 24]}",
        "rope_parameters.mrope_section: unknown key, and it might change the result")]
    [InlineData("llama", "rope_parameters", "{\"full_attention\": {\"rope_theta\": 1e6}}",
        "rope_parameters.full_attention: unknown key, and it might change the result")]
    [InlineData("llama", "rope_parameters",
        "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4}",
        "rope_parameters.original_max_position_embeddings: missing, " + Int + " 1073741824")]
    [InlineData("llama", "rope_parameters",
        "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 16}",
        "rope_parameters.high_freq_factor: 4, expected more than low_freq_factor (4)")]
    [InlineData("llama", "rope_parameters", "7", "rope_parameters: 7, expected an object")]
    public void A_key_that_is_wrong_is_refused_by_name(string type, string key, string json, string expected)
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path, Model(type));
        JsonObject config = TestModels.ReadConfig(directory.Path);
        config[key] = JsonNode.Parse(json);
        TestModels.WriteConfig(directory.Path, config);
        Assert.Equal($"{directory.File("config.json")}: {expected}", TestModels.Fault(directory.Path));
    }

    [Theory]
    [InlineData("{", "not valid JSON: Expected depth to be zero at the end of the JSON payload.")]
    [InlineData("", "not valid JSON: The input does not contain any JSON tokens.")]
    [InlineData("[]", "expected a JSON object, found a list")]
    [InlineData("{\"model_type\": \"llama\", \"model_type\": \"qwen2\"}", "\"model_type\" appears twice, expected once")]
    [InlineData("{\"a\": {\"b\\n\": 1, \"b\\u000a\": 2}}", "a: \"b?\" appears twice, expected once")]
    [InlineData("{\"rms_norm_eps\": NaN}", "not valid JSON: 'N' is an invalid start of a value.")]
    [InlineData("{\"a\": \"\\ud800\"}", "a: a string with half a surrogate pair, expected Unicode text")]
    public void A_file_that_is_not_sound_JSON_is_refused(string text, string expected)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("config.json"), text);
        string message = TestModels.Fault(directory.Path);
        Assert.StartsWith($"{directory.File("config.json")}: {expected}", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Text_that_is_not_UTF8_and_nesting_without_end_are_refused()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("config.json"), [.. "{\"model_type\": \""u8, 0xff, 0xfe, .. "\"}"u8]);
        Assert.Equal($"{directory.File("config.json")}: not valid UTF-8", TestModels.Fault(directory.Path));
        File.WriteAllText(directory.File("config.json"), new StringBuilder().Insert(0, "{\"a\":", 100_000).ToString());
        Assert.StartsWith($"{directory.File("config.json")}: not valid JSON: ", TestModels.Fault(directory.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_generation_config_is_refused()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        string path = directory.File("generation_config.json");
        File.WriteAllText(path, """{"eos_token_id": [2, 999]}""");
        Assert.Equal($"{path}: eos_token_id: 999, expected token ids from 0 to 19", TestModels.Fault(directory.Path));
        File.WriteAllText(path, "nothing");
        Assert.StartsWith($"{path}: not valid JSON: ", TestModels.Fault(directory.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_size_must_divide_by_heads_where_no_head_width_is_given()
    {
        using var directory = new TemporaryDirectory();
        TestModels.Write(directory.Path);
        JsonObject config = TestModels.ReadConfig(directory.Path);
        config["head_dim"] = null;
        config["hidden_size"] = 9;
        TestModels.WriteConfig(directory.Path, config);
        Assert.Equal($"{directory.File("config.json")}: hidden_size: 9, expected a multiple of num_attention_heads = 2, or a head_dim",
            TestModels.Fault(directory.Path));
    }

    private static ModelConfig Model(string type) => TestModels.Llama with
    {
        ModelType = type,
        QkNorm = type == "qwen3",
        QkvBias = type == "qwen2",
    };
}
