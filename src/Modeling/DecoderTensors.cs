namespace Atlas.Modeling;

/// <summary>The tensors of a llama-family checkpoint: their Hugging Face names and shapes, in the order a decoder reads them.</summary>
public static class DecoderTensors
{
    /// <summary>Token embedding, [vocabulary, hidden].</summary>
    public const string Embedding = "model.embed_tokens.weight";

    /// <summary>RMSNorm before the output head, [hidden].</summary>
    public const string FinalNorm = "model.norm.weight";

    /// <summary>Output head, [vocabulary, hidden]; absent when tied.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>Name of a tensor of block <paramref name="layer"/>, such as <c>self_attn.q_proj.weight</c>.</summary>
    public static string Layer(int layer, string part) => $"model.layers.{layer}.{part}";

    /// <summary>Every tensor that <paramref name="config"/> asks for, no more and no less.</summary>
    public static IEnumerable<TensorShape> Expected(ModelConfig config)
    {
        int hidden = config.HiddenSize, ffn = config.IntermediateSize, q = config.QueryWidth, kv = config.KvWidth;
        yield return new(Embedding, [config.VocabularySize, hidden]);
        for (int i = 0; i < config.Layers; i++)
        {
            yield return new(Layer(i, "input_layernorm.weight"), [hidden]);
            yield return new(Layer(i, "self_attn.q_proj.weight"), [q, hidden]);
            yield return new(Layer(i, "self_attn.k_proj.weight"), [kv, hidden]);
            yield return new(Layer(i, "self_attn.v_proj.weight"), [kv, hidden]);
            if (config.QkvBias)
            {
                yield return new(Layer(i, "self_attn.q_proj.bias"), [q]);
                yield return new(Layer(i, "self_attn.k_proj.bias"), [kv]);
                yield return new(Layer(i, "self_attn.v_proj.bias"), [kv]);
            }
            if (config.QkNorm)
            {
                yield return new(Layer(i, "self_attn.q_norm.weight"), [config.HeadDim]);
                yield return new(Layer(i, "self_attn.k_norm.weight"), [config.HeadDim]);
            }
            yield return new(Layer(i, "self_attn.o_proj.weight"), [hidden, q]);
            if (config.OutputBias) yield return new(Layer(i, "self_attn.o_proj.bias"), [hidden]);
            yield return new(Layer(i, "post_attention_layernorm.weight"), [hidden]);
            yield return new(Layer(i, "mlp.gate_proj.weight"), [ffn, hidden]);
            yield return new(Layer(i, "mlp.up_proj.weight"), [ffn, hidden]);
            yield return new(Layer(i, "mlp.down_proj.weight"), [hidden, ffn]);
            if (config.MlpBias)
            {
                yield return new(Layer(i, "mlp.gate_proj.bias"), [ffn]);
                yield return new(Layer(i, "mlp.up_proj.bias"), [ffn]);
                yield return new(Layer(i, "mlp.down_proj.bias"), [hidden]);
            }
        }
        yield return new(FinalNorm, [hidden]);
        if (!config.TiedEmbeddings) yield return new(Head, [config.VocabularySize, hidden]);
    }
}
