using Atlas.Modeling;

namespace Atlas.Trainer.Pretraining;

/// <summary>The four projections of one block's attention, taken out of weights in memory to be changed.</summary>
internal sealed class AttentionMatrices(WeightsInMemory weights, int layer)
{
    /// <summary>Query projection, [heads x head dim, hidden].</summary>
    public WeightMatrix Query { get; } = new(weights, DecoderTensors.Layer(layer, "self_attn.q_proj.weight"));

    /// <summary>Key projection, [key/value heads x head dim, hidden].</summary>
    public WeightMatrix Key { get; } = new(weights, DecoderTensors.Layer(layer, "self_attn.k_proj.weight"));

    /// <summary>Value projection, [key/value heads x head dim, hidden].</summary>
    public WeightMatrix Value { get; } = new(weights, DecoderTensors.Layer(layer, "self_attn.v_proj.weight"));

    /// <summary>Output projection, [hidden, heads x head dim].</summary>
    public WeightMatrix Output { get; } = new(weights, DecoderTensors.Layer(layer, "self_attn.o_proj.weight"));

    /// <summary>Sets a key/value head and the first <paramref name="members"/> of its query heads to 0.</summary>
    public void Clear(ModelConfig config, int kv, int members)
    {
        int dim = config.HeadDim, first = kv * (config.Heads / config.KvHeads);
        for (int i = 0; i < dim; i++)
        {
            Key.Row(kv * dim + i).Clear();
            Value.Row(kv * dim + i).Clear();
        }
        for (int i = first * dim; i < (first + members) * dim; i++) Query.Row(i).Clear();
        for (int row = 0; row < Output.Rows; row++) Output.Row(row)[(first * dim)..((first + members) * dim)].Clear();
    }

    /// <summary>Writes all four to the weights.</summary>
    public void Store()
    {
        Query.Store();
        Key.Store();
        Value.Store();
        Output.Store();
    }
}
