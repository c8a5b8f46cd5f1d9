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
    /// <param name="masks">Mask of each layer (<see cref="BatchLayout.Mask"/>); null where every row may see all columns.</param>
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
            ["HEAD_NORM"] = config.QkNorm
                ? $"(torch.rms_norm(turned.view(count, {{HEADS}} + {{KV}}, {{DIM}}), [{{DIM}}], None, {{EPSILON}}) * weights[at + {LayerWeights.HeadGain}]).view(part.size())"
                : "turned",
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

    // Heads lie as HeadOrder has them, so the queries that share a key head are rows of one product over its keys: row w x groups + g of a
    // sequence is query head g of its row w. What does not depend on the layer is looked up once: a view costs as much as a small product does.
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
            # Keys and values of a row lie side by side in the product and in the cache.
            written = cache.view({LAYERS}, -1, 2 * {KV} * {DIM}).unbind(0)
            seen = cache.narrow(2, 0, columns)
            if slots is None:
                seen = seen.narrow(1, first, sequences)
            all_keys = seen.narrow(3, 0, {KV}).transpose(2, 3).unbind(0)
            all_values = seen.narrow(3, {KV}, {KV}).transpose(2, 3).unbind(0)
            for layer in range({LAYERS}):
                at = layer * {TENSORS}
                qkv = torch.linear(norm(x, {INPUT_GAIN}).to(embedding.dtype), {QKV}, {QKV_BIAS})
                # Queries and keys turn in f32: a complex product with e^(i angle), element 2j being real and 2j+1 imaginary.
                part = qkv.narrow(1, 0, ({HEADS} + {KV}) * {DIM}).view(count, {HEADS} + {KV}, {DIM} // 2, 2)
                turned = part.to(angles.dtype)
                turned = {HEAD_NORM}
                part.copy_(torch.view_as_real(torch.view_as_complex(turned) * turn))
                written[layer].index_copy_(0, rows, qkv.narrow(1, {HEADS} * {DIM}, 2 * {KV} * {DIM}))
                keys = all_keys[layer]
                values = all_values[layer]
                if slots is not None:
                    keys = keys.index_select(0, slots)
                    values = values.index_select(0, slots)
                q = qkv.narrow(1, 0, {HEADS} * {DIM})
                if cells is not None:
                    q = torch.zeros([sequences * width, {HEADS} * {DIM}], dtype=q.dtype, device=q.device).index_copy_(0, cells, q)
                q = q.reshape(sequences, width * {GROUPS}, {KV}, {DIM}).transpose(1, 2)
                mask: Optional[Tensor] = None
                if masks is not None:
                    mask = masks[layer]
                a = torch.scaled_dot_product_attention(q, keys, values, mask, 0.0, False).transpose(1, 2).reshape(sequences * width, {HEADS} * {DIM})
                if cells is not None:
                    a = a.index_select(0, cells)
                x.add_(torch.linear(a, {OUTPUT}, {OUTPUT_BIAS}))
                fed = torch.linear(norm(x, {POST_GAIN}).to(embedding.dtype), {GATE_UP}, {GATE_UP_BIAS})
                # In place, because what fuses is compiled anew for many sizes of a batch, which takes longer than it ever gains.
                gate = torch.silu_(fed.narrow(1, 0, {FEED})).mul_(fed.narrow(1, {FEED}, {FEED}))
                x.add_(torch.linear(gate, {DOWN}, {DOWN_BIAS}))
            return x

        def head(x: Tensor, outputs: Optional[Tensor], gain: Tensor, matrix: Tensor) -> Tuple[Tensor, Tensor]:
            if outputs is not None:
                x = x.index_select(0, outputs)
            hidden = norm(x, gain)
            return hidden, torch.linear(hidden.to(matrix.dtype), matrix).to(gain.dtype)
        """;
}
