using Atlas.Compute.Cpu.Attention;
using Atlas.Compute.Cpu.Threading;
using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// One transformer block of the llama family over all positions of a batch, forward and backward. Holds the operations, which all layers
/// share, and no state of a layer.
/// </summary>
internal sealed unsafe class DecoderBlock : IDisposable
{
    private readonly ModelConfig _config;
    private readonly AttentionShape _shape;
    private readonly Gemm _gemm;
    private readonly RmsNorm _norm;
    private readonly CausalAttention _attention;
    private readonly RotaryTable _rotary;
    private readonly GatedActivation _activation;
    private readonly RowAddition _addition;
    private readonly ColumnSum _columnSum;

    /// <summary>Blocks of one model; products and norms are shared with the rest of it.</summary>
    public DecoderBlock(ModelConfig config, AttentionShape shape, WorkerPool pool, Gemm gemm, RmsNorm norm)
    {
        _config = config;
        _shape = shape;
        _gemm = gemm;
        _norm = norm;
        _rotary = new RotaryTable(config.Rope, config.HeadDim, config.ContextLength);
        _attention = new CausalAttention(pool, gemm, shape, _rotary);
        _activation = new GatedActivation(pool);
        _addition = new RowAddition(pool);
        _columnSum = new ColumnSum(pool);
    }

    /// <summary>Computes <see cref="LayerActivations.Result"/> from <see cref="LayerActivations.Input"/>.</summary>
    public void Forward(LayerTensors weights, int layer, DecoderActivations memory, SequenceLayout sequences)
    {
        ref readonly var kept = ref memory.Layer(layer);
        int rows = memory.Positions, hidden = _config.HiddenSize, ffn = _config.IntermediateSize;
        var attention = WithNorms(kept.Attention, weights);

        _norm.Forward(InputRows(kept, weights, rows), memory.Normalized);
        Project(memory.Normalized, weights.Joint, weights.JointBias, kept.Attention.Joint, rows, hidden, _shape.JointWidth);
        _attention.Forward(attention, sequences);
        AddProjected(attention.Output, weights.Output, weights.OutputBias, kept.Input, kept.Middle, rows, _shape.QueryWidth);

        _norm.Forward(MiddleRows(kept, weights, rows), memory.Normalized);
        Project(memory.Normalized, weights.GateUp, weights.GateUpBias, kept.GateUp, rows, hidden, 2 * ffn);
        _activation.Forward(kept.GateUp, memory.Activated, rows, ffn);
        AddProjected(memory.Activated, weights.Down, weights.DownBias, kept.Middle, kept.Result, rows, ffn);
    }

    /// <summary>
    /// Turns <see cref="DecoderActivations.Gradient"/> from one by the block's result into one by its input and adds the gradients of its
    /// tensors. Consumes the block's activations.
    /// </summary>
    public void Backward(LayerTensors weights, LayerTensors gradients, int layer, DecoderActivations memory, SequenceLayout sequences)
    {
        ref readonly var kept = ref memory.Layer(layer);
        int rows = memory.Positions, hidden = _config.HiddenSize, ffn = _config.IntermediateSize;

        // Feed-forward. Activated first holds the gradient by itself, then itself.
        ProjectBack(memory.Gradient, weights.Down, memory.Activated, rows, ffn, hidden);
        _activation.Backward(kept.GateUp, memory.Activated, rows, ffn);
        AddWeightGradient(memory.Gradient, memory.Activated, gradients.Down, gradients.DownBias, rows, ffn, hidden);
        var middle = MiddleRows(kept, weights, rows);
        _norm.Recompute(middle, memory.Normalized);
        AddWeightGradient(kept.GateUp, memory.Normalized, gradients.GateUp, gradients.GateUpBias, rows, hidden, 2 * ffn);
        ProjectBack(kept.GateUp, weights.GateUp, memory.NormalizedGradient, rows, hidden, 2 * ffn);
        _norm.Backward(middle, memory.NormalizedGradient, memory.Gradient, gradients.FeedForwardNorm);

        // Attention.
        ProjectBack(memory.Gradient, weights.Output, memory.OutputGradient, rows, _shape.QueryWidth, hidden);
        AddWeightGradient(memory.Gradient, kept.Attention.Output, gradients.Output, gradients.OutputBias, rows, _shape.QueryWidth, hidden);
        var gradient = new AttentionGradient
        {
            Output = memory.OutputGradient,
            Joint = memory.JointGradient,
            QueryNorm = gradients.QueryNorm,
            KeyNorm = gradients.KeyNorm,
        };
        _attention.Backward(WithNorms(kept.Attention, weights), gradient, sequences);
        var input = InputRows(kept, weights, rows);
        _norm.Recompute(input, memory.Normalized);
        AddWeightGradient(memory.JointGradient, memory.Normalized, gradients.Joint, gradients.JointBias, rows, hidden, _shape.JointWidth);
        ProjectBack(memory.JointGradient, weights.Joint, memory.NormalizedGradient, rows, hidden, _shape.JointWidth);
        _norm.Backward(input, memory.NormalizedGradient, memory.Gradient, gradients.AttentionNorm);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attention.Dispose();
        _rotary.Dispose();
    }

    private static AttentionLayer WithNorms(in AttentionLayer layer, LayerTensors weights) =>
        layer with { QueryNorm = weights.QueryNorm, KeyNorm = weights.KeyNorm };

    private RmsNormRows InputRows(in LayerActivations kept, LayerTensors weights, int rows) =>
        new(kept.Input, weights.AttentionNorm, kept.InputInverse, rows, _config.HiddenSize, _config.NormEpsilon);

    private RmsNormRows MiddleRows(in LayerActivations kept, LayerTensors weights, int rows) =>
        new(kept.Middle, weights.FeedForwardNorm, kept.MiddleInverse, rows, _config.HiddenSize, _config.NormEpsilon);

    // y = x W^T + bias; x is [rows, inputs], W [outputs, inputs].
    private void Project(float* x, float* weight, float* bias, float* y, int rows, int inputs, int outputs) =>
        _gemm.Multiply(new GemmCall(
            new MatrixView(x, rows, inputs), new MatrixView(weight, outputs, inputs).Transposed, y, outputs, bias));

    // y = residual + x W^T + bias, all [rows, hidden].
    private void AddProjected(float* x, float* weight, float* bias, float* residual, float* y, int rows, int inputs)
    {
        int hidden = _config.HiddenSize;
        _gemm.Multiply(new GemmCall(
            new MatrixView(x, rows, inputs), new MatrixView(weight, hidden, inputs).Transposed, y, hidden, residual, hidden));
        if (bias != null) _addition.Add(y, bias, rows, hidden);
    }

    // dx = dy W.
    private void ProjectBack(float* dy, float* weight, float* dx, int rows, int inputs, int outputs) =>
        _gemm.Multiply(new GemmCall(new MatrixView(dy, rows, outputs), new MatrixView(weight, outputs, inputs), dx, inputs));

    // dW += dy^T x, dbias += column sums of dy.
    private void AddWeightGradient(float* dy, float* x, float* gradient, float* biasGradient, int rows, int inputs, int outputs)
    {
        _gemm.Multiply(new GemmCall(
            new MatrixView(dy, rows, outputs).Transposed, new MatrixView(x, rows, inputs), gradient, inputs, gradient, inputs));
        if (biasGradient != null) _columnSum.Add(dy, biasGradient, rows, outputs);
    }
}
