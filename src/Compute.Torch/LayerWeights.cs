using Atlas.Modeling;
using TorchSharp;

namespace Atlas.Compute.Torch;

/// <summary>The layers of one transformer block.</summary>
internal sealed class LayerWeights : IDisposable
{
    /// <summary>Allocates block <paramref name="layer"/>; <see cref="Read"/> fills it.</summary>
    public LayerWeights(ModelConfig config, int layer, torch.ScalarType type, torch.Device device)
    {
        string Name(string part) => DecoderTensors.Layer(layer, part);
        RmsNorm Norm(string part, int width) => new(Name(part), width, config.NormEpsilon, device);
        Projection Linear(int inputs, bool bias, params WeightPart[] parts) => new(inputs, bias, type, device, parts);

        InputNorm = Norm("input_layernorm.weight", config.HiddenSize);
        Qkv = Linear(config.HiddenSize, config.QkvBias,
            new(Name("self_attn.q_proj"), config.QueryWidth),
            new(Name("self_attn.k_proj"), config.KvWidth),
            new(Name("self_attn.v_proj"), config.KvWidth));
        QueryNorm = config.QkNorm ? Norm("self_attn.q_norm.weight", config.HeadDim) : null;
        KeyNorm = config.QkNorm ? Norm("self_attn.k_norm.weight", config.HeadDim) : null;
        Output = Linear(config.QueryWidth, config.OutputBias, new WeightPart(Name("self_attn.o_proj"), config.HiddenSize));
        PostNorm = Norm("post_attention_layernorm.weight", config.HiddenSize);
        GateUp = Linear(config.HiddenSize, config.MlpBias,
            new(Name("mlp.gate_proj"), config.IntermediateSize),
            new(Name("mlp.up_proj"), config.IntermediateSize));
        Down = Linear(config.IntermediateSize, config.MlpBias, new WeightPart(Name("mlp.down_proj"), config.HiddenSize));
    }

    /// <summary>Before attention.</summary>
    public RmsNorm InputNorm { get; }

    /// <summary>Queries, keys and values of a row, side by side.</summary>
    public Projection Qkv { get; }

    /// <summary>Over each query head; null where the model has none.</summary>
    public RmsNorm? QueryNorm { get; }

    /// <summary>Over each key head; null where the model has none.</summary>
    public RmsNorm? KeyNorm { get; }

    /// <summary>From the heads back to the residual stream.</summary>
    public Projection Output { get; }

    /// <summary>Before the feed-forward layer.</summary>
    public RmsNorm PostNorm { get; }

    /// <summary>Gate and up projection of a row, side by side.</summary>
    public Projection GateUp { get; }

    /// <summary>From the feed-forward width back to the residual stream.</summary>
    public Projection Down { get; }

    /// <summary>Bytes that a forward reads.</summary>
    public long Bytes =>
        InputNorm.Bytes + Qkv.Bytes + (QueryNorm?.Bytes ?? 0) + (KeyNorm?.Bytes ?? 0) + Output.Bytes
        + PostNorm.Bytes + GateUp.Bytes + Down.Bytes;

    /// <summary>Fills the block.</summary>
    public void Read(WeightReader reader)
    {
        InputNorm.Read(reader);
        Qkv.Read(reader);
        QueryNorm?.Read(reader);
        KeyNorm?.Read(reader);
        Output.Read(reader);
        PostNorm.Read(reader);
        GateUp.Read(reader);
        Down.Read(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        InputNorm.Dispose();
        Qkv.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
        Output.Dispose();
        PostNorm.Dispose();
        GateUp.Dispose();
        Down.Dispose();
    }
}
