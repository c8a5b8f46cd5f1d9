using Atlas.Modeling.Checkpoints;

namespace Atlas.Modeling;

/// <summary>
/// Named f32 tensors in memory: takes what a model exports and gives it to what reads weights. Writing a name again with the same shape
/// replaces its values. Reads from several threads are safe as long as nobody writes.
/// </summary>
public sealed class WeightsInMemory : IWeightSource, IWeightSink
{
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _tensors = [];
    private readonly List<string> _order = [];

    /// <summary>No tensors yet, under a name for messages.</summary>
    public WeightsInMemory(string description = "weights in memory") => Description = description;

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>Names and shapes in the order in which they were first written.</summary>
    public IReadOnlyList<TensorShape> Tensors => [.. _order.Select(name => new TensorShape(name, _tensors[name].Shape))];

    /// <summary>A copy of some tensors of another source.</summary>
    /// <param name="source">Where they come from.</param>
    /// <param name="names">Which ones.</param>
    /// <exception cref="CheckpointException">The source lacks one.</exception>
    public static WeightsInMemory CopyOf(IWeightSource source, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(names);
        var copy = new WeightsInMemory($"a copy of {source.Description}");
        foreach (string name in names)
        {
            IReadOnlyList<int> shape = source.Describe(name).Shape;
            var values = new float[new TensorShape(name, shape).Elements];
            source.Read(name, values);
            copy.Set(name, [.. shape], values);
        }
        return copy;
    }

    /// <summary>The values of a tensor, not copied.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public ReadOnlySpan<float> Values(string name) => Tensor(name).Values;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Shape and number of values differ, or the name had another shape before.</exception>
    public void Write(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values) => Set(name, shape.ToArray(), values.ToArray());

    /// <inheritdoc/>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Describe(string name) => new(WeightType.F32, Tensor(name).Shape);

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        (int[] shape, float[] values) = Tensor(name);
        RowRange.CheckWhole(Description, name, shape, destination.Length);
        values.CopyTo(destination);
    }

    /// <inheritdoc/>
    public void ReadRows(string name, int firstRow, Span<float> destination)
    {
        (int[] shape, float[] values) = Tensor(name);
        int first = (int)RowRange.First(Description, name, shape, firstRow, destination.Length);
        values.AsSpan(first, destination.Length).CopyTo(destination);
    }

    private void Set(string name, int[] shape, float[] values)
    {
        if (new TensorShape(name, shape).Elements != values.Length)
            throw new ArgumentException($"tensor {name}: {values.Length} values for shape [{string.Join(", ", shape)}]");
        if (!_tensors.TryGetValue(name, out var before)) _order.Add(name);
        else if (!before.Shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"tensor {name}: [{string.Join(", ", shape)}] over [{string.Join(", ", before.Shape)}]");
        _tensors[name] = (shape, values);
    }

    private (int[] Shape, float[] Values) Tensor(string name) => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new CheckpointException($"{Description}: no tensor {FaultList.Quote(name)}");
}
