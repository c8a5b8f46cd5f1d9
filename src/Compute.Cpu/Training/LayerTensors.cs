using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// The tensors of one block in one slab of a <see cref="ParameterStore"/> (weights, or their gradient); null where the model has none.
/// Query, key and value projections lie one behind the other and are used as one matrix, and so are gate and up.
/// </summary>
internal sealed unsafe class LayerTensors
{
    /// <summary>Finds block <paramref name="layer"/> in <paramref name="slab"/>.</summary>
    public LayerTensors(ParameterStore store, float* slab, int layer)
    {
        AttentionNorm = Find("input_layernorm.weight");
        Joint = Find("self_attn.q_proj.weight");
        JointBias = Find("self_attn.q_proj.bias");
        QueryNorm = Find("self_attn.q_norm.weight");
        KeyNorm = Find("self_attn.k_norm.weight");
        Output = Find("self_attn.o_proj.weight");
        OutputBias = Find("self_attn.o_proj.bias");
        FeedForwardNorm = Find("post_attention_layernorm.weight");
        GateUp = Find("mlp.gate_proj.weight");
        GateUpBias = Find("mlp.gate_proj.bias");
        Down = Find("mlp.down_proj.weight");
        DownBias = Find("mlp.down_proj.bias");

        float* Find(string part)
        {
            long offset = store.OffsetOrNone(DecoderTensors.Layer(layer, part));
            return offset < 0 ? null : slab + offset;
        }
    }

    /// <summary>Norm before attention, [hidden].</summary>
    public float* AttentionNorm { get; }

    /// <summary>Query, key and value projections, [joint width, hidden].</summary>
    public float* Joint { get; }

    /// <summary>Their biases, [joint width].</summary>
    public float* JointBias { get; }

    /// <summary>Norm over query heads, [head dim].</summary>
    public float* QueryNorm { get; }

    /// <summary>Norm over key heads, [head dim].</summary>
    public float* KeyNorm { get; }

    /// <summary>Attention's output projection, [hidden, query width].</summary>
    public float* Output { get; }

    /// <summary>Its bias, [hidden].</summary>
    public float* OutputBias { get; }

    /// <summary>Norm before the feed-forward, [hidden].</summary>
    public float* FeedForwardNorm { get; }

    /// <summary>Gate and up projections, [2 x intermediate, hidden].</summary>
    public float* GateUp { get; }

    /// <summary>Their biases, [2 x intermediate].</summary>
    public float* GateUpBias { get; }

    /// <summary>Down projection, [hidden, intermediate].</summary>
    public float* Down { get; }

    /// <summary>Its bias, [hidden].</summary>
    public float* DownBias { get; }
}
