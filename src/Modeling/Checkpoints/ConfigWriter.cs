using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>Writes a configuration as <c>config.json</c> in the layout of transformers 5 (<c>rope_parameters</c>, <c>dtype</c>).</summary>
internal static class ConfigWriter
{
    /// <summary>The file's bytes.</summary>
    /// <exception cref="ArgumentException">No <c>config.json</c> of that model type says what the configuration says.</exception>
    public static byte[] ToJson(ModelConfig config, WeightType type)
    {
        ModelFamily family = ModelFamily.All.FirstOrDefault(f => f.ModelType == config.ModelType)
            ?? throw new ArgumentException($"model type {FaultList.Quote(config.ModelType)} is not supported");
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" })) Write(json, config, family, type);
        buffer.WriteByte((byte)'\n');
        byte[] bytes = buffer.ToArray();
        CheckRoundTrip(config, bytes);
        return bytes;
    }

    private static void Write(Utf8JsonWriter json, ModelConfig config, ModelFamily family, WeightType type)
    {
        json.WriteStartObject();
        json.WriteStartArray("architectures");
        json.WriteStringValue(family.Architecture);
        json.WriteEndArray();
        json.WriteString("model_type", family.ModelType);
        json.WriteNumber("vocab_size", config.VocabularySize);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("num_hidden_layers", config.Layers);
        json.WriteNumber("num_attention_heads", config.Heads);
        json.WriteNumber("num_key_value_heads", config.KvHeads);
        json.WriteNumber("head_dim", config.HeadDim);
        json.WriteString("hidden_act", "silu");
        json.WriteNumber("max_position_embeddings", config.ContextLength);
        json.WriteNumber("rms_norm_eps", config.NormEpsilon);
        json.WriteBoolean("tie_word_embeddings", config.TiedEmbeddings);
        if (family.AttentionBias == BiasRule.QkvAndOutputByKey) json.WriteBoolean("attention_bias", config.QkvBias);
        if (family.MlpBiasByKey) json.WriteBoolean("mlp_bias", config.MlpBias);
        WriteRope(json, config.Rope);
        WriteWindows(json, config, family);
        if (config.BeginToken is { } begin) json.WriteNumber("bos_token_id", begin);
        else json.WriteNull("bos_token_id");
        WriteEndTokens(json, config.EndTokens);
        json.WriteString("dtype", type switch { WeightType.BF16 => "bfloat16", WeightType.F16 => "float16", _ => "float32" });
        json.WriteEndObject();
    }

    private static void WriteRope(Utf8JsonWriter json, RopeConfig rope)
    {
        json.WriteStartObject("rope_parameters");
        json.WriteString("rope_type", rope.Scaling switch
        {
            RopeScaling.Linear => "linear",
            RopeScaling.Llama3 => "llama3",
            _ => "default",
        });
        json.WriteNumber("rope_theta", rope.Theta);
        if (rope.Scaling != RopeScaling.None) json.WriteNumber("factor", rope.Factor);
        if (rope.Scaling == RopeScaling.Llama3)
        {
            json.WriteNumber("low_freq_factor", rope.LowFrequencyFactor);
            json.WriteNumber("high_freq_factor", rope.HighFrequencyFactor);
            json.WriteNumber("original_max_position_embeddings", rope.OriginalContextLength);
        }
        json.WriteEndObject();
    }

    private static void WriteWindows(Utf8JsonWriter json, ModelConfig config, ModelFamily family)
    {
        if (family.Windows == WindowRule.Never) return;
        int window = config.LayerWindows.DefaultIfEmpty(0).Max();
        if (window > 0) json.WriteNumber("sliding_window", window);
        else json.WriteNull("sliding_window");
        if (family.Windows == WindowRule.EveryLayer) return;
        json.WriteBoolean("use_sliding_window", window > 0);
        json.WriteStartArray("layer_types");
        for (int i = 0; i < config.Layers; i++) json.WriteStringValue(config.Window(i) > 0 ? "sliding_attention" : "full_attention");
        json.WriteEndArray();
    }

    private static void WriteEndTokens(Utf8JsonWriter json, IReadOnlyList<int> ids)
    {
        if (ids.Count == 0) json.WriteNull("eos_token_id");
        else if (ids.Count == 1) json.WriteNumber("eos_token_id", ids[0]);
        else
        {
            json.WriteStartArray("eos_token_id");
            foreach (int id in ids) json.WriteNumberValue(id);
            json.WriteEndArray();
        }
    }

    // What was written must be read back as the same model: a configuration that its family cannot express is refused here.
    private static void CheckRoundTrip(ModelConfig config, byte[] bytes)
    {
        var faults = new FaultList();
        ModelConfig? read = null;
        if (JsonFile.ParseObject(bytes, CheckpointFiles.Config, "", faults) is { } json) read = ConfigReader.Read(json, CheckpointFiles.Config, faults);
        if (faults.Count > 0) throw new ArgumentException(faults.All[0]);
        ModelConfig Comparable(ModelConfig c) => c with { LayerWindows = [], EndTokens = [], Rope = Plain(c.Rope) };
        IEnumerable<int> Windows(ModelConfig c) => Enumerable.Range(0, c.Layers).Select(c.Window);
        if (read is null || Comparable(read) != Comparable(config) || !Windows(read).SequenceEqual(Windows(config))
            || !read.EndTokens.SequenceEqual(config.EndTokens))
            throw new ArgumentException($"a {config.ModelType} checkpoint cannot have this combination of biases, norms and windows");
    }

    // Fields that a scaling does not use say nothing.
    private static RopeConfig Plain(RopeConfig rope) => rope.Scaling switch
    {
        RopeScaling.Llama3 => rope,
        RopeScaling.Linear => new RopeConfig { Theta = rope.Theta, Scaling = rope.Scaling, Factor = rope.Factor },
        _ => new RopeConfig { Theta = rope.Theta },
    };
}
