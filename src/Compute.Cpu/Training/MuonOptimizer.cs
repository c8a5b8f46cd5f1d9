using System.Numerics;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// Muon over the matrices of the blocks (Jordan et al. 2024): Nesterov momentum, made orthogonal, so that directions that are seen rarely move
/// as far as frequent ones. The step is scaled to the size that AdamW's has, 0.2 a weight, and so shares its learning rate and decay
/// (Moonlight, arXiv 2502.16982, section 2.2). Embedding, output rows, norms and biases are AdamW's. The momentum lies in the store's slab of
/// first moments.
/// </summary>
internal sealed unsafe class MuonOptimizer(ParameterStore parameters, Gemm gemm) : IDisposable
{
    private const float UpdateSize = 0.2f;

    private readonly ParameterSlice[] _matrices = [.. parameters.Slices.ToArray().Where(IsOwn)];
    private readonly NewtonSchulz _orthogonal = new(gemm);
    private readonly GrowingBuffer _update = new();

    /// <summary>Whether a tensor is moved by this optimizer.</summary>
    public static bool IsOwn(ParameterSlice slice) =>
        slice.Shape.Length == 2 && slice.Name.StartsWith("model.layers.", StringComparison.Ordinal);

    /// <summary>Moves the matrices and clears their gradient.</summary>
    /// <param name="step">Rate, decay and momentum.</param>
    /// <param name="clip">Factor on the gradient.</param>
    public void Update(AdamWStep step, float clip)
    {
        foreach (var slice in _matrices) Update(slice, step, clip);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _orthogonal.Dispose();
        _update.Dispose();
    }

    private void Update(ParameterSlice slice, AdamWStep step, float clip)
    {
        float* update = _update.Reserve(slice.Count);
        AddMomentum(parameters.Gradient + slice.Offset, parameters.FirstMoment + slice.Offset, update, slice.Count, clip, step.MuonMomentum);
        _orthogonal.Orthogonalize(update, slice.Shape[0], slice.Shape[1]);
        float rate = step.LearningRate * UpdateSize * MathF.Sqrt(Math.Max(slice.Shape[0], slice.Shape[1]));
        Move(parameters.Weights + slice.Offset, update, slice.Count, 1f - step.LearningRate * step.WeightDecay, rate);
    }

    // Leaves the momentum after this gradient in the moment, that of one more like it in the update, and nothing in the gradient.
    private static void AddMomentum(float* gradient, float* momentum, float* update, int count, float clip, float keep)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= count - width; i += width)
        {
            var g = Vector.Load(gradient + i) * clip;
            var m = Vector.Load(momentum + i) * keep + g;
            m.Store(momentum + i);
            (m * keep + g).Store(update + i);
            Vector<float>.Zero.Store(gradient + i);
        }
        for (; i < count; i++)
        {
            float g = gradient[i] * clip, m = momentum[i] * keep + g;
            momentum[i] = m;
            update[i] = m * keep + g;
            gradient[i] = 0;
        }
    }

    private static void Move(float* weights, float* update, int count, float keep, float rate)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= count - width; i += width) (Vector.Load(weights + i) * keep - Vector.Load(update + i) * rate).Store(weights + i);
        for (; i < count; i++) weights[i] = weights[i] * keep - update[i] * rate;
    }
}
