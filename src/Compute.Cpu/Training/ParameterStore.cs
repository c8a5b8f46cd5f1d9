using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A model's weights, their accumulated gradient and both optimizer moments: four slabs of one layout, tensors one behind the other without
/// gaps in the order they were named. Neighbours can so be used as one matrix (query, key and value projections; gate and up). Gradient and
/// moments take no memory before they are first used, by one thread (<see cref="Reserve"/>). As a source of weights, reads may run in
/// parallel while nothing learns.
/// </summary>
internal sealed unsafe class ParameterStore : IWeightSource, IDisposable
{
    private readonly ParameterSlice[] _slices;
    private readonly Dictionary<string, ParameterSlice> _byName;
    private readonly GrowingBuffer _weights;
    private GrowingBuffer? _gradient;
    private GrowingBuffer? _firstMoment;
    private GrowingBuffer? _secondMoment;

    /// <summary>Slabs for the given tensors, all zero.</summary>
    public ParameterStore(IEnumerable<TensorShape> tensors)
    {
        var slices = new List<ParameterSlice>();
        foreach (var tensor in tensors)
        {
            if (tensor.Elements > Array.MaxLength)
                throw new NotSupportedException($"{tensor.Name} has {tensor.Elements} elements; at most {Array.MaxLength} can be trained");
            slices.Add(new ParameterSlice(tensor.Name, [.. tensor.Shape], Count, (int)tensor.Elements));
            Count += tensor.Elements;
        }
        _slices = [.. slices];
        _byName = slices.ToDictionary(s => s.Name);
        _weights = new GrowingBuffer((nint)Count);
    }

    /// <inheritdoc/>
    public string Description => "weights being trained";

    /// <summary>Number of parameters.</summary>
    public long Count { get; }

    /// <summary>The tensors in slab order.</summary>
    public ReadOnlySpan<ParameterSlice> Slices => _slices;

    /// <summary>All weights.</summary>
    public float* Weights => _weights.Data;

    /// <summary>Accumulated gradient.</summary>
    public float* Gradient => Slab(ref _gradient);

    /// <summary>First moment of AdamW.</summary>
    public float* FirstMoment => Slab(ref _firstMoment);

    /// <summary>Second moment of AdamW.</summary>
    public float* SecondMoment => Slab(ref _secondMoment);

    /// <summary>Makes gradient and moments where they are not yet: several threads may use them only afterwards.</summary>
    public void Reserve()
    {
        _ = Gradient;
        _ = FirstMoment;
        _ = SecondMoment;
    }

    /// <summary>Position of a tensor's first element, or -1 where the model has no such tensor.</summary>
    public long OffsetOrNone(string name) => _byName.TryGetValue(name, out var slice) ? slice.Offset : -1;

    /// <summary>A tensor's weights.</summary>
    public Span<float> WeightsOf(string name) => Span(Weights, _byName[name]);

    /// <summary>A tensor's accumulated gradient.</summary>
    public Span<float> GradientOf(string name) => Span(Gradient, _byName[name]);

    /// <inheritdoc/>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Describe(string name) => new(WeightType.F32, _byName[name].Shape);

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) => WeightsOf(name).CopyTo(destination);

    /// <inheritdoc/>
    public void ReadRows(string name, int firstRow, Span<float> destination)
    {
        var slice = _byName[name];
        WeightsOf(name).Slice(firstRow * (slice.Count / slice.Shape[0]), destination.Length).CopyTo(destination);
    }

    /// <summary>Reads every tensor.</summary>
    /// <exception cref="CheckpointException">One is missing or has another shape.</exception>
    public void ReadWeights(IWeightSource source)
    {
        foreach (var slice in _slices) Read(source, slice, slice.Name, Span(Weights, slice));
    }

    /// <summary>Writes every tensor.</summary>
    public void WriteWeights(IWeightSink sink)
    {
        foreach (var slice in _slices) sink.Write(slice.Name, slice.Shape, Span(Weights, slice));
    }

    /// <summary>Writes both moments of every tensor under its name with a suffix.</summary>
    public void WriteMoments(IWeightSink sink)
    {
        foreach (var slice in _slices)
        {
            sink.Write(OptimizerTensors.FirstMoment(slice.Name), slice.Shape, Span(FirstMoment, slice));
            sink.Write(OptimizerTensors.SecondMoment(slice.Name), slice.Shape, Span(SecondMoment, slice));
        }
    }

    /// <summary>Reads both moments of every tensor.</summary>
    /// <exception cref="CheckpointException">One is missing or has another shape.</exception>
    public void ReadMoments(IWeightSource source)
    {
        foreach (var slice in _slices)
        {
            Read(source, slice, OptimizerTensors.FirstMoment(slice.Name), Span(FirstMoment, slice));
            Read(source, slice, OptimizerTensors.SecondMoment(slice.Name), Span(SecondMoment, slice));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _gradient?.Dispose();
        _firstMoment?.Dispose();
        _secondMoment?.Dispose();
    }

    private float* Slab(ref GrowingBuffer? slab) => (slab ??= new GrowingBuffer((nint)Count)).Data;

    private static Span<float> Span(float* slab, ParameterSlice slice) => new(slab + slice.Offset, slice.Count);

    private static void Read(IWeightSource source, ParameterSlice slice, string name, Span<float> destination)
    {
        var info = source.Describe(name);
        if (!info.Shape.SequenceEqual(slice.Shape))
            throw new CheckpointException(
                $"{source.Description}: {name} has shape [{string.Join(", ", info.Shape)}], expected [{string.Join(", ", slice.Shape)}]");
        source.Read(name, destination);
    }
}
