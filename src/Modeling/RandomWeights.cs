using Atlas.Core.Sampling;

namespace Atlas.Modeling;

/// <summary>
/// Weights of any shape, drawn anew whenever they are read: what benchmarks of an engine load where no checkpoint is at hand. Matrices are
/// uniform with a standard deviation that keeps activations of order one; norms are 1. The same seed gives the same weights.
/// </summary>
/// <param name="config">Shape.</param>
/// <param name="seed">Chooses the weights.</param>
public sealed class RandomWeights(ModelConfig config, ulong seed) : IWeightSource
{
    private readonly Dictionary<string, TensorShape> _shapes = DecoderTensors.Expected(config).ToDictionary(t => t.Name);

    /// <inheritdoc/>
    public string Description => $"random {config.ModelType} weights";

    /// <inheritdoc/>
    public bool Contains(string name) => _shapes.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Describe(string name) => new(WeightType.F32, Shape(name).Shape);

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        var shape = Shape(name);
        if (destination.Length != shape.Elements)
            throw new CheckpointException($"{Description}: {name} has {shape.Elements} elements; expected {destination.Length}");
        Fill(shape, 0, destination);
    }

    /// <inheritdoc/>
    public void ReadRows(string name, int firstRow, Span<float> destination) => Fill(Shape(name), firstRow, destination);

    private TensorShape Shape(string name) =>
        _shapes.TryGetValue(name, out var shape) ? shape : throw new CheckpointException($"{Description}: there is no tensor {name}");

    private void Fill(TensorShape shape, int firstRow, Span<float> destination)
    {
        if (shape.Shape.Count == 1)
        {
            destination.Fill(shape.Name.EndsWith("bias", StringComparison.Ordinal) ? 0f : 1f);
            return;
        }
        ulong name = seed;
        foreach (char c in shape.Name) name = name * 1099511628211UL + c;
        int width = shape.Shape[1];
        float scale = MathF.Sqrt(3f / width);
        for (int i = 0; i < destination.Length; i++)
        {
            long element = (long)firstRow * width + i;
            destination[i] = scale * (float)(2 * CounterRandom.Uniform(name, element, 0) - 1);
        }
    }
}
