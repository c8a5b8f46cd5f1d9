using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Memory of a forward and backward over some number of positions, laid out anew when the number changes; allocates only while it grows.
/// Normalized inputs and the feed-forward's products are not kept per layer: the backward computes them again from what is.
/// </summary>
internal sealed unsafe class DecoderActivations(ModelConfig config, AttentionShape shape) : IDisposable
{
    private readonly GrowingBuffer _memory = new();
    private readonly LayerActivations[] _layers = new LayerActivations[config.Layers];
    private float* _next;

    /// <summary>Positions laid out.</summary>
    public int Positions { get; private set; }

    /// <summary>Residual stream behind the last block, [positions, hidden].</summary>
    public float* Result { get; private set; }

    /// <summary>Gradient by the residual stream, [positions, hidden].</summary>
    public float* Gradient { get; private set; }

    /// <summary>Shared by layers: a normalized input, [positions, hidden].</summary>
    public float* Normalized { get; private set; }

    /// <summary>Shared by layers: gradient by a normalized input, [positions, hidden].</summary>
    public float* NormalizedGradient { get; private set; }

    /// <summary>Shared by layers: the activated product, and its gradient, [positions, intermediate].</summary>
    public float* Activated { get; private set; }

    /// <summary>Shared by layers: gradient by what the heads read, [positions, query width].</summary>
    public float* OutputGradient { get; private set; }

    /// <summary>Shared by layers: gradient by queries, keys and values, [positions, joint width].</summary>
    public float* JointGradient { get; private set; }

    /// <summary>Positions with a target: their residual stream, [positions, hidden] at most.</summary>
    public float* Picked { get; private set; }

    /// <summary>Their inverse root mean squares.</summary>
    public float* PickedInverse { get; private set; }

    /// <summary>Their final hidden states.</summary>
    public float* Final { get; private set; }

    /// <summary>Gradient by their final hidden states.</summary>
    public float* FinalGradient { get; private set; }

    /// <summary>Gradient by <see cref="Picked"/>.</summary>
    public float* PickedGradient { get; private set; }

    /// <summary>Buffers of a block.</summary>
    public ref readonly LayerActivations Layer(int layer) => ref _layers[layer];

    /// <summary>Lays out memory for <paramref name="positions"/>; what earlier batches left is lost.</summary>
    public void Reserve(int positions)
    {
        if (positions == Positions) return;
        _next = null;
        LayOut(positions);
        _next = _memory.Reserve((nint)_next / sizeof(float));
        LayOut(positions);
        Positions = positions;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void LayOut(int positions)
    {
        int hidden = config.HiddenSize, ffn = config.IntermediateSize;
        float* input = Take(positions, hidden);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            var attention = new AttentionLayer
            {
                Joint = Take(positions, shape.JointWidth),
                Raw = shape.QkNorm ? Take(positions, shape.TurnedWidth) : null,
                RawInverse = shape.QkNorm ? Take(positions, shape.TurnedHeads) : null,
                LogSum = Take(positions, shape.Heads),
                Output = Take(positions, shape.QueryWidth),
                QueryNorm = null,
                KeyNorm = null,
                Window = config.Window(layer),
                Positions = positions,
            };
            _layers[layer] = new LayerActivations
            {
                Input = input,
                InputInverse = Take(positions, 1),
                Attention = attention,
                Middle = Take(positions, hidden),
                MiddleInverse = Take(positions, 1),
                GateUp = Take(positions, 2 * ffn),
                Result = Take(positions, hidden),
            };
            input = _layers[layer].Result;
        }
        Result = input;
        Gradient = Take(positions, hidden);
        Normalized = Take(positions, hidden);
        NormalizedGradient = Take(positions, hidden);
        Activated = Take(positions, ffn);
        OutputGradient = Take(positions, shape.QueryWidth);
        JointGradient = Take(positions, shape.JointWidth);
        Picked = Take(positions, hidden);
        PickedInverse = Take(positions, 1);
        Final = Take(positions, hidden);
        FinalGradient = Take(positions, hidden);
        PickedGradient = Take(positions, hidden);
    }

    // Rows begin on a cache line; the first pass, from null, only measures.
    private float* Take(int rows, int width)
    {
        float* taken = _next;
        _next += ((nint)rows * width + 15) / 16 * 16;
        return taken;
    }
}
