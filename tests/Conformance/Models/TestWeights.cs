using Atlas.Modeling;

namespace Atlas.Conformance.Models;

/// <summary>
/// Seeded random weights for any shape, kept in memory. All values are exact in bfloat16, so that f32 and bf16 engines compute the same model.
/// </summary>
public sealed class TestWeights : IWeightSource
{
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _tensors = [];

    public TestWeights(ModelConfig config, int seed)
    {
        var random = new Random(seed);
        foreach (var tensor in DecoderTensors.Expected(config))
        {
            bool norm = tensor.Name.Contains("norm", StringComparison.Ordinal);
            double spread = norm ? 0.2 : tensor.Shape.Count == 1 ? 0.1 : 1.2 / Math.Sqrt(tensor.Shape[^1]);
            var values = new float[tensor.Elements];
            for (int i = 0; i < values.Length; i++) values[i] = ToBf16((float)((norm ? 1 : 0) + spread * Normal(random)));
            _tensors.Add(tensor.Name, ([.. tensor.Shape], values));
        }
    }

    public string Description => "random weights";

    /// <summary>The values of a tensor, to look at or to change before they are loaded.</summary>
    public float[] Values(string name) => _tensors[name].Values;

    /// <summary>Leaves a tensor out.</summary>
    public void Remove(string name) => _tensors.Remove(name);

    /// <summary>Gives a tensor another shape.</summary>
    public void Reshape(string name, params int[] shape) => _tensors[name] = (shape, new float[shape.Aggregate(1, (a, b) => a * b)]);

    public bool Contains(string name) => _tensors.ContainsKey(name);

    public TensorInfo Describe(string name) => new(WeightType.F32, Find(name).Shape);

    public void Read(string name, Span<float> destination)
    {
        var values = Find(name).Values;
        if (values.Length != destination.Length)
            throw new CheckpointException($"{Description}: tensor {name} has {values.Length} elements; {destination.Length} were asked for");
        values.CopyTo(destination);
    }

    public void ReadRows(string name, int firstRow, Span<float> destination)
    {
        var (shape, values) = Find(name);
        values.AsSpan(firstRow * (values.Length / shape[0]), destination.Length).CopyTo(destination);
    }

    private static float ToBf16(float value) => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + 0x8000) & 0xffff0000);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private (int[] Shape, float[] Values) Find(string name) =>
        _tensors.TryGetValue(name, out var tensor) ? tensor : throw new CheckpointException($"{Description}: tensor {name} is missing");
}
