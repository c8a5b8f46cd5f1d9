using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>Named tensors in memory: a sink that can be read again.</summary>
public sealed class MemoryWeights : IWeightSink, IWeightSource
{
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _tensors = [];

    public string Description => "memory";

    public IEnumerable<string> Names => _tensors.Keys;

    public float[] this[string name] => _tensors[name].Values;

    public void Write(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values) => _tensors.Add(name, (shape.ToArray(), values.ToArray()));

    public bool Contains(string name) => _tensors.ContainsKey(name);

    public TensorInfo Describe(string name) => _tensors.TryGetValue(name, out var tensor)
        ? new TensorInfo(WeightType.F32, tensor.Shape)
        : throw new CheckpointException($"memory: {name} is missing");

    public void Read(string name, Span<float> destination) => _tensors[name].Values.CopyTo(destination);

    public void ReadRows(string name, int firstRow, Span<float> destination)
    {
        int width = _tensors[name].Values.Length / _tensors[name].Shape[0];
        _tensors[name].Values.AsSpan(firstRow * width, destination.Length).CopyTo(destination);
    }
}
