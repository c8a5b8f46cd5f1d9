using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// One forward: the masks, then all blocks and the head in <see cref="DecoderScript"/>. The residual stream, norms and rotation are f32;
/// products, activation and attention have the element type of the weights. Rows of all sequences go through the products together, without
/// padding; attention alone works on a padded rectangle.
/// </summary>
internal sealed class DecoderForward(ModelConfig config, DecoderWeights weights, KvCache cache, RotaryTable rotary)
{
    private readonly DecoderScript _script = new(config);

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
        var stream = _script.Blocks(layout, Masks(layout), weights.Layers, weights.Embedding, rotary.Angles, cache.Store);
        if (layout.Outputs == 0) return null;
        var (hidden, logits) = _script.Head(stream, layout.OutputRows, weights.FinalNorm.Gain, weights.Head.Matrix);
        return (hidden.MoveToOuterDisposeScope(), logits.MoveToOuterDisposeScope());
    }

    // Of each layer; layers of one window share theirs.
    private Tensor[]? Masks(BatchLayout layout)
    {
        if (!layout.IsMasked) return null;
        var byWindow = new Dictionary<int, Tensor>();
        var masks = new Tensor[config.Layers];
        for (int layer = 0; layer < masks.Length; layer++)
        {
            int window = config.Window(layer);
            if (!byWindow.TryGetValue(window, out var mask)) byWindow.Add(window, mask = layout.Mask(window, weights.Embedding.dtype));
            masks[layer] = mask;
        }
        return masks;
    }
}
