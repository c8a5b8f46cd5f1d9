using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// The arithmetic of one forward. The residual stream, norms, rotation and activation are f32; products and attention have the element type
/// of the weights. Rows of all sequences go through the products together, without padding; attention alone works on a padded rectangle.
/// </summary>
internal sealed class DecoderForward(ModelConfig config, DecoderWeights weights, KvCache cache, RotaryTable rotary)
{
    private readonly int _groups = config.Heads / config.KvHeads;
    private readonly torch.ScalarType _type = weights.Embedding.dtype;

    /// <summary>Bytes that the largest tensors of a forward take at once, at least: those of the feed-forward layer and the logits, in f32.</summary>
    public long BytesOf(int rows, int outputs) =>
        sizeof(float) * ((long)rows * (2L * config.HiddenSize + 3L * config.IntermediateSize) + (long)outputs * config.VocabularySize);

    /// <summary>
    /// Runs all blocks over the rows of a layout and writes their keys and values. Returns the final states after the last norm,
    /// [outputs, hidden], and the logits, [outputs, vocabulary], both f32; null when no output is wanted.
    /// </summary>
    public (Tensor Hidden, Tensor Logits)? Run(BatchLayout layout)
    {
        using var scope = torch.NewDisposeScope();
        var angles = rotary.At(layout.Positions);
        var stream = weights.Embedding.index_select(0, layout.Tokens).to(torch.ScalarType.Float32);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            var next = Block(layer, stream, layout, angles);
            stream.Dispose();
            stream = next;
        }
        if (layout.OutputRows is null) return null;
        var hidden = weights.FinalNorm.Apply(stream.index_select(0, layout.OutputRows));
        return (hidden.MoveToOuterDisposeScope(), weights.Head.Apply(hidden).MoveToOuterDisposeScope());
    }

    private Tensor Block(int layer, Tensor stream, BatchLayout layout, (Tensor, Tensor) angles)
    {
        using var scope = torch.NewDisposeScope();
        var block = weights.Layers[layer];
        var attended = stream + Attention(layer, block, block.InputNorm.Apply(stream), layout, angles);
        var gateUp = block.GateUp.Apply(block.PostNorm.Apply(attended)).chunk(2, -1);
        return attended.add(block.Down.Apply(gateUp[0].silu().mul_(gateUp[1]))).MoveToOuterDisposeScope();
    }

    private Tensor Attention(int layer, LayerWeights block, Tensor input, BatchLayout layout, (Tensor, Tensor) angles)
    {
        using var scope = torch.NewDisposeScope();
        var qkv = block.Qkv.Apply(input);
        var queries = Heads(qkv, 0, config.Heads);
        var keys = Heads(qkv, config.QueryWidth, config.KvHeads);
        var values = Heads(qkv, config.QueryWidth + config.KvWidth, config.KvHeads);
        if (block.QueryNorm is not null) queries = block.QueryNorm.Apply(queries);
        if (block.KeyNorm is not null) keys = block.KeyNorm.Apply(keys);
        cache.Write(layer, layout.CacheRows, RotaryTable.Rotate(keys, angles), values);

        var (allKeys, allValues) = cache.Read(layer, layout.Slots, layout.Columns);
        var heads = torch.nn.functional.scaled_dot_product_attention(
            Spread(RotaryTable.Rotate(queries, angles).to(_type), layout), allKeys, allValues, layout.Mask(config.Window(layer)));
        return block.Output.Apply(Collect(heads, layout)).MoveToOuterDisposeScope();
    }

    // A part of the stacked projection as heads: [rows, heads, headDim].
    private Tensor Heads(Tensor qkv, int first, int heads) =>
        qkv.narrow(1, first, heads * config.HeadDim).reshape(qkv.shape[0], heads, config.HeadDim);

    // Queries [rows, heads, headDim] to [sequences, kv heads, groups x width, headDim]: the queries that share a key head become rows.
    private Tensor Spread(Tensor queries, BatchLayout layout)
    {
        using var scope = torch.NewDisposeScope();
        int cells = layout.Sequences * layout.Width;
        if (layout.Cells is not null)
            queries = torch.zeros([cells, config.Heads, config.HeadDim], _type, queries.device).index_copy_(0, layout.Cells, queries);
        return queries.view(layout.Sequences, layout.Width, config.KvHeads, _groups, config.HeadDim)
            .permute(0, 2, 3, 1, 4)
            .reshape(layout.Sequences, config.KvHeads, _groups * layout.Width, config.HeadDim)
            .MoveToOuterDisposeScope();
    }

    // The inverse of Spread, heads side by side: [rows, heads x headDim].
    private Tensor Collect(Tensor heads, BatchLayout layout)
    {
        using var scope = torch.NewDisposeScope();
        var rows = heads.reshape(layout.Sequences, config.KvHeads, _groups, layout.Width, config.HeadDim)
            .permute(0, 3, 1, 2, 4)
            .reshape(layout.Sequences * layout.Width, config.QueryWidth);
        if (layout.Cells is not null) rows = rows.index_select(0, layout.Cells);
        return rows.MoveToOuterDisposeScope();
    }
}
