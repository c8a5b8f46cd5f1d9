using System.Globalization;
using Atlas.Modeling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Atlas.Compute.Torch;

/// <summary>
/// The arithmetic of a decoder as TorchScript, so that one call from here runs all blocks: launching an operation then costs what libtorch
/// itself needs for it, without a transition, a wrapper and a finalizer for every intermediate tensor. Sizes are constants of the text, which
/// is compiled once per process and shape. Errors in it come back as exceptions, where a faulty call of a single operation may end the process.
/// </summary>
internal sealed class DecoderScript
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, torch.jit.CompilationUnit> Compiled = [];

    private readonly torch.jit.CompilationUnit _unit;

    /// <summary>Compiles the text of a shape, or takes it from who compiled it before.</summary>
    /// <exception cref="NotSupportedException">This libtorch lacks an operator that the text needs.</exception>
    public DecoderScript(ModelConfig config)
    {
        string text = Text(config);
        lock (Gate)
        {
            if (!Compiled.TryGetValue(text, out _unit!)) Compiled.Add(text, _unit = Compile(text));
        }
    }

    /// <summary>
    /// Runs all blocks, writing keys and values of the new rows to <paramref name="cache"/>. Returns the residual stream, f32 [rows, hidden].
    /// </summary>
    /// <param name="layout">The rows.</param>
    /// <param name="masks">Mask of each layer as <see cref="Mask"/> makes it; null where every row may see all columns.</param>
    /// <param name="weights">Tensors of all layers, in the order of <see cref="LayerWeights.Tensors"/>.</param>
    /// <param name="embedding">[vocabulary, hidden].</param>
    /// <param name="angles">Cosine and sine of every position, f32 [positions, headDim/2, 2].</param>
    /// <param name="cache">Store of <see cref="KvCache"/>.</param>
    public Tensor Blocks(BatchLayout layout, Tensor[]? masks, Tensor[] weights, Tensor embedding, Tensor angles, Tensor cache) =>
        (Tensor)_unit.invoke(
            "blocks", layout.Tokens, layout.Positions, layout.CacheRows, masks!, layout.Slots.Indices!, layout.Cells!, weights, embedding, angles,
            cache, layout.Slots.First, layout.Sequences, layout.Width, layout.Columns);

    /// <summary>Final states, f32 [outputs, hidden], and logits, f32 [outputs, vocabulary], of some rows of the residual stream.</summary>
    /// <param name="stream">f32 [rows, hidden].</param>
    /// <param name="outputs">Those rows, int64; null for all.</param>
    /// <param name="gain">Of the last norm.</param>
    /// <param name="matrix">Output rows, [vocabulary, hidden].</param>
    public (Tensor Hidden, Tensor Logits) Head(Tensor stream, Tensor? outputs, Tensor gain, Tensor matrix) =>
        ((Tensor, Tensor))_unit.invoke("head", stream, outputs!, gain, matrix);

    /// <summary>
    /// What attention adds to its products, in the weights' element type: 0 where a row sees a column, else negative infinity. Committed
    /// columns are compared on the device; those of the pending trees come from the host.
    /// </summary>
    /// <param name="trees">Which pending rows each cell sees, bool [sequences, width, most pending].</param>
    /// <param name="positions">Of each cell, int64 [sequences, width, 1].</param>
    /// <param name="lengths">Committed columns, int64 [sequences, 1, 1].</param>
    /// <param name="pending">Pending columns behind them, int64 [sequences, 1, 1].</param>
    /// <param name="like">Gives the element type.</param>
    /// <param name="columns">Columns of the mask.</param>
    /// <param name="window">Sliding window; 0 for none.</param>
    /// <returns>[sequences, 1, groups x width, columns], the rows of a query head group one behind the other.</returns>
    public Tensor Mask(Tensor trees, Tensor positions, Tensor lengths, Tensor pending, Tensor like, int columns, int window) =>
        (Tensor)_unit.invoke("mask", trees, positions, lengths, pending, like, columns, window);

    private static torch.jit.CompilationUnit Compile(string text)
    {
        try
        {
            return torch.jit.compile(text + "\n");
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            throw new NotSupportedException(
                $"the libtorch in use ({LibTorch.NativePath}) does not compile this engine's TorchScript; expected 2.4 or later", e);
        }
    }

    // What a block does not have leaves no line behind; biases are inputs of the products they belong to.
    private static string Text(ModelConfig config)
    {
        string Bias(bool there, int tensor) => there ? $"weights[at + {tensor}]" : "None";
        var values = new Dictionary<string, string>
        {
            ["LAYERS"] = Whole(config.Layers),
            ["TENSORS"] = Whole(LayerWeights.TensorCount),
            ["HEADS"] = Whole(config.Heads),
            ["KV"] = Whole(config.KvHeads),
            ["GROUPS"] = Whole(config.Heads / config.KvHeads),
            ["DIM"] = Whole(config.HeadDim),
            ["FEED"] = Whole(config.IntermediateSize),
            ["EPSILON"] = config.NormEpsilon.ToString("R", CultureInfo.InvariantCulture),
            ["QKV_BIAS"] = Bias(config.QkvBias, LayerWeights.QkvBias),
            ["OUTPUT_BIAS"] = Bias(config.OutputBias, LayerWeights.OutputBias),
            ["GATE_UP_BIAS"] = Bias(config.MlpBias, LayerWeights.GateUpBias),
            ["DOWN_BIAS"] = Bias(config.MlpBias, LayerWeights.DownBias),
            ["HEAD_NORM"] = config.QkNorm ? $"torch.rms_norm(turned, [{Whole(config.HeadDim)}], None, {{EPSILON}}) * weights[at + {LayerWeights.HeadGain}]" : "turned",
            ["INPUT_GAIN"] = $"weights[at + {LayerWeights.InputGain}]",
            ["QKV"] = $"weights[at + {LayerWeights.QkvMatrix}]",
            ["OUTPUT"] = $"weights[at + {LayerWeights.OutputMatrix}]",
            ["POST_GAIN"] = $"weights[at + {LayerWeights.PostGain}]",
            ["GATE_UP"] = $"weights[at + {LayerWeights.GateUpMatrix}]",
            ["DOWN"] = $"weights[at + {LayerWeights.DownMatrix}]",
        };
        // Values may name others.
        string text = Template;
        for (string before = ""; before != text;)
        {
            before = text;
            foreach (var (name, value) in values) text = text.Replace("{" + name + "}", value, StringComparison.Ordinal);
        }
        return text;
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Shapes: R rows, S sequences, W rows of a sequence at most (the rectangle of attention), C columns, H heads, K key/value heads, D their
    // width. The queries that share a key head become rows of one product.
    private const string Template =
        """
        def norm(x: Tensor, gain: Tensor) -> Tensor:
            return torch.rms_norm(x, [x.size(-1)], gain, {EPSILON})

        def blocks(tokens: Tensor, positions: Tensor, rows: Tensor, masks: Optional[List[Tensor]], slots: Optional[Tensor], cells: Optional[Tensor],
                   weights: List[Tensor], embedding: Tensor, angles: Tensor, cache: Tensor,
                   first: int, sequences: int, width: int, columns: int) -> Tensor:
            count = tokens.size(0)
            x = embedding.index_select(0, tokens).to(angles.dtype)
            turn = torch.view_as_complex(angles.index_select(0, positions)).unsqueeze(1)
            for layer in range({LAYERS}):
                at = layer * {TENSORS}
                qkv = torch.linear(norm(x, {INPUT_GAIN}).to(embedding.dtype), {QKV}, {QKV_BIAS})
                # Queries and keys turn in f32: a complex product with e^(i angle), element 2j being real and 2j+1 imaginary.
                part = qkv.narrow(1, 0, ({HEADS} + {KV}) * {DIM}).view(count, {HEADS} + {KV}, {DIM})
                turned = part.to(angles.dtype)
                turned = {HEAD_NORM}
                turned = torch.view_as_complex(turned.view(count, {HEADS} + {KV}, {DIM} // 2, 2)) * turn
                part.copy_(torch.view_as_real(turned).view(count, {HEADS} + {KV}, {DIM}))
                # Keys and values of a row lie side by side in the product and in the cache.
                store = cache.select(0, layer)
                store.flatten(0, 1).flatten(1, 2).index_copy_(0, rows, qkv.narrow(1, {HEADS} * {DIM}, 2 * {KV} * {DIM}))
                seen = store.narrow(1, 0, columns)
                if slots is None:
                    seen = seen.narrow(0, first, sequences)
                else:
                    seen = seen.index_select(0, slots)
                keys = seen.narrow(2, 0, {KV}).transpose(1, 2)
                values = seen.narrow(2, {KV}, {KV}).transpose(1, 2)
                q = qkv.narrow(1, 0, {HEADS} * {DIM})
                if cells is not None:
                    q = torch.zeros([sequences * width, {HEADS} * {DIM}], dtype=q.dtype, device=q.device).index_copy_(0, cells, q)
                q = q.reshape(sequences, width, {KV}, {GROUPS}, {DIM}).permute(0, 2, 3, 1, 4).reshape(sequences, {KV}, {GROUPS} * width, {DIM})
                mask: Optional[Tensor] = None
                if masks is not None:
                    mask = masks[layer]
                a = torch.scaled_dot_product_attention(q, keys, values, mask, 0.0, False)
                a = a.reshape(sequences, {KV}, {GROUPS}, width, {DIM}).permute(0, 3, 1, 2, 4).reshape(sequences * width, {HEADS} * {DIM})
                if cells is not None:
                    a = a.index_select(0, cells)
                x.add_(torch.linear(a, {OUTPUT}, {OUTPUT_BIAS}))
                fed = torch.linear(norm(x, {POST_GAIN}).to(embedding.dtype), {GATE_UP}, {GATE_UP_BIAS})
                fed = torch.silu(fed.narrow(1, 0, {FEED})) * fed.narrow(1, {FEED}, {FEED})
                x.add_(torch.linear(fed, {DOWN}, {DOWN_BIAS}))
            return x

        def head(x: Tensor, outputs: Optional[Tensor], gain: Tensor, matrix: Tensor) -> Tuple[Tensor, Tensor]:
            if outputs is not None:
                x = x.index_select(0, outputs)
            hidden = norm(x, gain)
            return hidden, torch.linear(hidden.to(matrix.dtype), matrix).to(gain.dtype)

        def mask(trees: Tensor, positions: Tensor, lengths: Tensor, pending: Tensor, like: Tensor, columns: int, window: int) -> Tensor:
            column = torch.arange(columns, dtype=lengths.dtype, device=lengths.device)
            seen = column < lengths
            if window > 0:
                seen = seen & (column > positions - window)
            behind = column - lengths
            inside = (behind >= 0) & (behind < pending)
            place = behind.clamp(0, trees.size(2) - 1).expand(trees.size(0), trees.size(1), columns)
            seen = seen | (inside & trees.gather(2, place))
            added = torch.zeros(seen.size(), dtype=like.dtype, device=like.device).masked_fill_(seen.logical_not(), -float('inf'))
            return added.unsqueeze(1).repeat(1, 1, {GROUPS}, 1)
        """;
}
