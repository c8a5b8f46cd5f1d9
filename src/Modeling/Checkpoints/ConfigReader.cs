using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Reads <c>config.json</c> and the end tokens of <c>generation_config.json</c>. A key that is neither used, nor known to be harmless, nor
/// at its one harmless value (<see cref="ConfigKeys"/>) is refused by name.
/// </summary>
internal static class ConfigReader
{
    /// <summary>The configuration of a checkpoint directory; null, and at least one fault, where something is wrong.</summary>
    public static ModelConfig? Read(string directory, FaultList faults)
    {
        int before = faults.Count;
        string path = Path.Combine(directory, CheckpointFiles.Config);
        if (JsonFile.ReadObject(path, faults) is not { } json) return null;
        ModelConfig? config = Read(json, path, faults);
        if (config is not null) config = WithGenerationDefaults(config, directory, faults);
        return faults.Count == before ? config : null;
    }

    /// <summary>The configuration in a parsed <c>config.json</c>; null where the family is unknown, stand-in values after other faults.</summary>
    public static ModelConfig? Read(JsonElement json, string path, FaultList faults)
    {
        var keys = new JsonKeys(json, path, faults);
        if (Family(keys) is not { } family) return null;
        int heads = keys.RequiredInteger("num_attention_heads", 1, ConfigLimits.Width);
        int hidden = keys.RequiredInteger("hidden_size", 1, ConfigLimits.Width);
        int layers = keys.RequiredInteger("num_hidden_layers", 1, ConfigLimits.Layers);
        int vocabulary = keys.RequiredInteger("vocab_size", 1, ConfigLimits.Vocabulary);
        (bool qkvBias, bool outputBias) = AttentionBias(keys, family);
        var config = new ModelConfig
        {
            ModelType = family.ModelType,
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = keys.RequiredInteger("intermediate_size", 1, ConfigLimits.Width),
            Layers = layers,
            Heads = heads,
            KvHeads = KvHeads(keys, family, heads),
            HeadDim = HeadDim(keys, family, hidden, heads),
            ContextLength = keys.Integer("max_position_embeddings", 1, ConfigLimits.Context) ?? family.Context,
            NormEpsilon = (float)(keys.Number("rms_norm_eps", 1e-30, 1) ?? 1e-6),
            Rope = RopeReader.Read(keys),
            TiedEmbeddings = keys.Boolean("tie_word_embeddings") ?? false,
            QkvBias = qkvBias,
            OutputBias = outputBias,
            MlpBias = MlpBias(keys, family),
            QkNorm = QkNorm(keys, family),
            LayerWindows = WindowReader.Read(keys, family, layers),
            EndTokens = EndTokens(keys, vocabulary, family.EndToken),
            BeginToken = BeginToken(keys, vocabulary, family.BeginToken),
        };
        CheckFixed(keys);
        keys.RefuseOthers(ConfigKeys.Harmless);
        return config;
    }

    private static ModelFamily? Family(JsonKeys keys)
    {
        string known = string.Join(", ", ModelFamily.All.Select(f => f.ModelType));
        if (keys.Value("model_type") is null) keys.Fault("model_type", $"missing, expected one of {known}");
        if (keys.Text("model_type") is not { } type) return null;
        if (ModelFamily.All.FirstOrDefault(f => f.ModelType == type) is not { } family)
        {
            keys.Fault("model_type", $"{FaultList.Quote(type)} is not supported, expected one of {known}");
            return null;
        }
        if (keys.Texts("architectures") is { } architectures && (architectures.Count != 1 || architectures[0] != family.Architecture))
        {
            keys.Fault("architectures",
                $"[{FaultList.OneLine(string.Join(", ", architectures), 100)}] for model type {type}, expected [{family.Architecture}]");
        }
        return family;
    }

    private static int KvHeads(JsonKeys keys, ModelFamily family, int heads)
    {
        int kvHeads = keys.Integer("num_key_value_heads", 1, ConfigLimits.Width)
            ?? (keys.Has("num_key_value_heads") ? heads : family.KvHeads ?? heads);
        if (heads % kvHeads == 0) return kvHeads;
        keys.Fault("num_key_value_heads", $"{kvHeads}, expected a divisor of num_attention_heads = {heads}");
        return heads;
    }

    private static int HeadDim(JsonKeys keys, ModelFamily family, int hidden, int heads)
    {
        int? given = keys.Integer("head_dim", 1, ConfigLimits.Width);
        if (given is null && !keys.Has("head_dim")) given = family.HeadDim;
        if (given is null && hidden % heads != 0)
        {
            keys.Fault("hidden_size", $"{hidden}, expected a multiple of num_attention_heads = {heads}, or a head_dim");
            return 2;
        }
        int headDim = given ?? hidden / heads;
        if (headDim % 2 != 0) keys.Fault("head_dim", $"{headDim}, expected an even number: rotary positions turn pairs");
        if ((long)heads * headDim <= ConfigLimits.Width) return headDim;
        keys.Fault("head_dim", $"{headDim} times {heads} heads, expected a width of at most {ConfigLimits.Width}");
        return 2;
    }

    private static (bool Qkv, bool Output) AttentionBias(JsonKeys keys, ModelFamily family)
    {
        bool? given = keys.Boolean("attention_bias");
        if (family.AttentionBias == BiasRule.QkvAndOutputByKey) return (given ?? false, given ?? false);
        bool always = family.AttentionBias == BiasRule.QkvAlways;
        if (given is not null && given != always)
            keys.Fault("attention_bias", $"{Show(!always)}, expected {Show(always)} for model type {family.ModelType}");
        return (always, false);
    }

    private static bool MlpBias(JsonKeys keys, ModelFamily family)
    {
        bool given = keys.Boolean("mlp_bias") ?? false;
        if (given && !family.MlpBiasByKey) keys.Fault("mlp_bias", $"true, expected false for model type {family.ModelType}");
        return given;
    }

    private static bool QkNorm(JsonKeys keys, ModelFamily family)
    {
        foreach (string key in (string[])["use_qk_norm", "qk_norm", "qk_layernorm"])
        {
            if (keys.Boolean(key) is { } given && given != family.QkNorm)
                keys.Fault(key, $"{Show(given)}, expected {Show(family.QkNorm)} for model type {family.ModelType}");
        }
        return family.QkNorm;
    }

    private static void CheckFixed(JsonKeys keys)
    {
        foreach (FixedKey rule in ConfigKeys.Fixed)
        {
            if (keys.Value(rule.Key) is { } value && !rule.Holds(value))
                keys.Fault(rule.Key, $"{JsonFile.Describe(value)} is not supported, expected {rule.Expected}");
        }
    }

    private static IReadOnlyList<int> EndTokens(JsonKeys keys, int vocabulary, int? fallback)
    {
        IReadOnlyList<int> given = keys.TokenIds("eos_token_id", vocabulary);
        if (!keys.Has("eos_token_id") && fallback is { } id && id < vocabulary) given = [id];
        return [.. given.Distinct()];
    }

    private static int? BeginToken(JsonKeys keys, int vocabulary, int? fallback)
    {
        if (keys.Has("bos_token_id")) return keys.Integer("bos_token_id", 0, vocabulary - 1);
        return fallback < vocabulary ? fallback : null;
    }

    // Sampling defaults in this file are not Atlas's: a request says how it wants to be sampled.
    private static ModelConfig WithGenerationDefaults(ModelConfig config, string directory, FaultList faults)
    {
        string path = Path.Combine(directory, CheckpointFiles.GenerationConfig);
        if (!Path.Exists(path) || JsonFile.ReadObject(path, faults) is not { } json) return config;
        var keys = new JsonKeys(json, path, faults);
        return config with
        {
            EndTokens = [.. config.EndTokens.Concat(keys.TokenIds("eos_token_id", config.VocabularySize)).Distinct()],
            BeginToken = keys.Integer("bos_token_id", 0, config.VocabularySize - 1) is { } begin ? config.BeginToken ?? begin : config.BeginToken,
        };
    }

    private static string Show(bool value) => value ? "true" : "false";
}
