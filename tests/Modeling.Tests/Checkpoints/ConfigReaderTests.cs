using System.Text.Json.Nodes;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling.Tests.Checkpoints;

/// <summary>What a sound config.json of each family and layout means.</summary>
public class ConfigReaderTests
{
    private const string Sizes = """
        "vocab_size": 100, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 4, "num_attention_heads": 8
        """;

    [Fact]
    public void Llama_takes_the_defaults_of_its_family()
    {
        ModelConfig config = Read($$"""{"model_type": "llama", {{Sizes}}}""");
        Assert.Equal(8, config.KvHeads);
        Assert.Equal(8, config.HeadDim);
        Assert.Equal(2048, config.ContextLength);
        Assert.Equal(1e-6f, config.NormEpsilon);
        Assert.Equal(new RopeConfig { Theta = 10000 }, config.Rope);
        Assert.False(config.TiedEmbeddings || config.QkvBias || config.OutputBias || config.MlpBias || config.QkNorm);
        Assert.Empty(config.LayerWindows);
        Assert.Equal([2], config.EndTokens);
        Assert.Equal(1, config.BeginToken);
    }

    [Fact]
    public void Mistral_takes_the_defaults_of_its_family()
    {
        ModelConfig config = Read($$"""{"model_type": "mistral", {{Sizes}}}""");
        Assert.Equal(8, config.KvHeads);
        Assert.Equal(131072, config.ContextLength);
        Assert.Equal([4096, 4096, 4096, 4096], config.LayerWindows);
    }

    [Fact]
    public void Qwen2_always_has_qkv_biases_and_by_default_no_end_token()
    {
        ModelConfig config = Read($$"""{"model_type": "qwen2", {{Sizes}}, "num_key_value_heads": 2}""");
        Assert.True(config.QkvBias);
        Assert.False(config.OutputBias);
        Assert.Empty(config.EndTokens);
        Assert.Null(config.BeginToken);
        Assert.Equal(32768, config.ContextLength);
    }

    [Fact]
    public void Qwen3_has_qk_norm_and_a_head_width_of_its_own()
    {
        ModelConfig config = Read($$"""{"model_type": "qwen3", {{Sizes}}, "num_key_value_heads": 2}""");
        Assert.True(config.QkNorm);
        Assert.Equal(128, config.HeadDim);
        Assert.Equal(1024, config.QueryWidth);
        Assert.Equal(8, Read($$"""{"model_type": "qwen3", {{Sizes}}, "num_key_value_heads": 2, "head_dim": null}""").HeadDim);
        ModelConfig biased = Read($$"""{"model_type": "qwen3", {{Sizes}}, "num_key_value_heads": 2, "attention_bias": true}""");
        Assert.True(biased.QkvBias && biased.OutputBias);
    }

    [Fact]
    public void Null_key_value_heads_are_as_many_as_query_heads()
    {
        foreach (string type in (string[])["llama", "mistral", "qwen2", "qwen3"])
            Assert.Equal(8, Read($$"""{"model_type": "{{type}}", {{Sizes}}, "num_key_value_heads": null}""").KvHeads);
    }

    [Fact]
    public void Llama_biases_and_tying_are_read()
    {
        ModelConfig config = Read(
            $$"""{"model_type": "llama", {{Sizes}}, "attention_bias": true, "mlp_bias": true, "tie_word_embeddings": true}""");
        Assert.True(config.QkvBias && config.OutputBias && config.MlpBias && config.TiedEmbeddings);
    }

    [Theory]
    [InlineData("""{"rope_theta": 500000.0}""", RopeScaling.None, 500000, 1)]
    [InlineData("""{"rope_theta": 500000, "rope_scaling": null}""", RopeScaling.None, 500000, 1)]
    [InlineData("""{"rope_scaling": {"type": "linear", "factor": 2.5}}""", RopeScaling.Linear, 10000, 2.5)]
    [InlineData("""{"rope_theta": 7, "rope_scaling": {"rope_type": "linear", "type": "linear", "factor": 2}}""", RopeScaling.Linear, 7, 2)]
    [InlineData("""{"rope_parameters": {"rope_type": "default", "rope_theta": 1e6}}""", RopeScaling.None, 1e6, 1)]
    [InlineData("""{"rope_parameters": {"rope_theta": 1e6}}""", RopeScaling.None, 1e6, 1)]
    [InlineData("""{"rope_theta": 9, "rope_parameters": {"rope_type": "linear", "factor": 4}}""", RopeScaling.Linear, 9, 4)]
    [InlineData("""{"rope_parameters": {"rope_type": "default", "partial_rotary_factor": 1.0}}""", RopeScaling.None, 10000, 1)]
    public void Rope_is_read_in_older_and_current_layouts(string rope, RopeScaling scaling, double theta, double factor)
    {
        ModelConfig config = Read(Merge($$"""{"model_type": "llama", {{Sizes}}}""", rope));
        Assert.Equal(new RopeConfig { Theta = theta, Scaling = scaling, Factor = factor }, config.Rope);
    }

    [Theory]
    [InlineData("rope_scaling")]
    [InlineData("rope_parameters")]
    public void Llama3_scaling_is_read_in_both_layouts(string key)
    {
        ModelConfig config = Read($$"""
            {"model_type": "llama", {{Sizes}}, "rope_theta": 500000.0, "{{key}}": {"rope_type": "llama3", "factor": 32.0,
             "low_freq_factor": 1.5, "high_freq_factor": 5.0, "original_max_position_embeddings": 8192} }
            """);
        Assert.Equal(new RopeConfig
        {
            Theta = 500000,
            Scaling = RopeScaling.Llama3,
            Factor = 32,
            LowFrequencyFactor = 1.5,
            HighFrequencyFactor = 5,
            OriginalContextLength = 8192,
        }, config.Rope);
    }

    [Theory]
    [InlineData("mistral", """{"sliding_window": 5}""", new[] { 5, 5, 5, 5 })]
    [InlineData("mistral", """{"sliding_window": null}""", new int[0])]
    [InlineData("qwen2", """{"sliding_window": 5}""", new int[0])]
    [InlineData("qwen2", """{"sliding_window": 5, "use_sliding_window": false, "max_window_layers": 0}""", new int[0])]
    [InlineData("qwen2", """{"sliding_window": 5, "use_sliding_window": true, "max_window_layers": 3}""", new[] { 0, 0, 0, 5 })]
    [InlineData("qwen3", """{"sliding_window": 5, "use_sliding_window": true, "max_window_layers": 1}""", new[] { 0, 5, 5, 5 })]
    [InlineData("qwen3", """{"use_sliding_window": true, "max_window_layers": 3}""", new[] { 0, 0, 0, 4096 })]
    [InlineData("qwen3", """{"sliding_window": null, "use_sliding_window": true, "max_window_layers": 1}""", new int[0])]
    [InlineData("qwen3", """{"sliding_window": 5, "use_sliding_window": true}""", new int[0])]
    [InlineData("qwen3", """
        {"sliding_window": 5, "use_sliding_window": true, "max_window_layers": 4,
         "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"]}
        """, new[] { 5, 0, 5, 0 })]
    [InlineData("llama", """{"layer_types": ["full_attention", "full_attention", "full_attention", "full_attention"]}""", new int[0])]
    public void Windows_follow_the_family(string type, string keys, int[] windows)
    {
        ModelConfig config = Read(Merge($$"""{"model_type": "{{type}}", {{Sizes}}, "num_key_value_heads": 4}""", keys));
        Assert.Equal(windows, config.LayerWindows);
    }

    [Theory]
    [InlineData("7", null, new[] { 7 })]
    [InlineData("[7, 9, 7]", null, new[] { 7, 9 })]
    [InlineData("null", null, new int[0])]
    [InlineData("7", """{"eos_token_id": [9, 7, 11], "temperature": 0.6}""", new[] { 7, 9, 11 })]
    [InlineData("null", """{"eos_token_id": 3, "bos_token_id": 4}""", new[] { 3 })]
    [InlineData("3", """{"eos_token_id": null}""", new[] { 3 })]
    public void End_tokens_of_both_files_are_merged(string inConfig, string? generation, int[] expected)
    {
        ModelConfig config = Read($$"""{"model_type": "llama", {{Sizes}}, "eos_token_id": {{inConfig}}}""", generation);
        Assert.Equal(expected, config.EndTokens);
    }

    [Fact]
    public void Begin_token_comes_from_the_generation_defaults_where_the_configuration_has_none()
    {
        string config = $$"""{"model_type": "llama", {{Sizes}}, "bos_token_id": null}""";
        Assert.Null(Read(config).BeginToken);
        Assert.Equal(4, Read(config, """{"bos_token_id": 4}""").BeginToken);
        Assert.Equal(1, Read($$"""{"model_type": "llama", {{Sizes}}}""", """{"bos_token_id": 4}""").BeginToken);
    }

    [Fact]
    public void Real_world_configurations_open_with_all_that_transformers_dumps()
    {
        ModelConfig config = Read("""
            {"_name_or_path": "x", "return_dict": true, "output_hidden_states": false, "output_attentions": false, "torchscript": false,
             "torch_dtype": "bfloat16", "use_bfloat16": false, "tf_legacy_loss": false, "pruned_heads": {}, "tie_word_embeddings": false,
             "chunk_size_feed_forward": 0, "is_encoder_decoder": false, "is_decoder": false, "cross_attention_hidden_size": null,
             "add_cross_attention": false, "tie_encoder_decoder": false, "max_length": 20, "min_length": 0, "do_sample": false,
             "early_stopping": false, "num_beams": 1, "num_beam_groups": 1, "diversity_penalty": 0.0, "temperature": 1.0, "top_k": 50,
             "top_p": 1.0, "typical_p": 1.0, "repetition_penalty": 1.0, "length_penalty": 1.0, "no_repeat_ngram_size": 0,
             "encoder_no_repeat_ngram_size": 0, "bad_words_ids": null, "num_return_sequences": 1, "output_scores": false,
             "return_dict_in_generate": false, "forced_bos_token_id": null, "forced_eos_token_id": null, "remove_invalid_values": false,
             "exponential_decay_length_penalty": null, "suppress_tokens": null, "begin_suppress_tokens": null,
             "architectures": ["MistralForCausalLM"], "finetuning_task": null, "id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0},
             "tokenizer_class": null, "prefix": null, "bos_token_id": 1, "pad_token_id": null, "eos_token_id": 2, "sep_token_id": null,
             "decoder_start_token_id": null, "task_specific_params": null, "problem_type": null, "transformers_version": "4.38.1",
             "model_type": "mistral", "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 8, "hidden_act": "silu", "max_position_embeddings": 32768,
             "initializer_range": 0.02, "rms_norm_eps": 1e-05, "use_cache": true, "rope_theta": 1000000.0, "sliding_window": null,
             "attention_dropout": 0.0, "quantization_config": null, "pretraining_tp": 1}
            """);
        Assert.Equal(7_241_732_096, config.ParameterCount);
        Assert.Equal(128, config.HeadDim);
    }

    private static ModelConfig Read(string config, string? generation = null)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File(CheckpointFiles.Config), config);
        if (generation is not null) File.WriteAllText(directory.File(CheckpointFiles.GenerationConfig), generation);
        var faults = new FaultList();
        ModelConfig? result = ConfigReader.Read(directory.Path, faults);
        Assert.Empty(faults.All);
        return result!;
    }

    private static string Merge(string first, string second)
    {
        JsonObject merged = JsonNode.Parse(first)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(second)!.AsObject()) merged[key] = value?.DeepClone();
        return merged.ToJsonString();
    }
}
