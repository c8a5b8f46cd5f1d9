using Atlas.Modeling;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// A model's weights, their accumulated gradient and both optimizer moments: four slabs of one layout, tensors one behind the other without
/// gaps in the order they were named. Neighbours can so be used as one matrix (query, key and value projections; gate and up).
/// </summary>
internal sealed unsafe class ParameterStore : IDisposable
{
    private const string FirstMomentSuffix = ".adam_m";
    private const string SecondMomentSuffix = ".adam_v";

    private readonly ParameterSlice[] _slices;
    private readonly Dictionary<string, ParameterSlice> _byName;
    private readonly GrowingBuffer _weights;
    private readonly GrowingBuffer _gradient;
    private readonly GrowingBuffer _firstMoment;
    private readonly GrowingBuffer _secondMoment;

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
        _gradient = new GrowingBuffer((nint)Count);
        _firstMoment = new GrowingBuffer((nint)Count);
        _secondMoment = new GrowingBuffer((nint)Count);
    }

    /// <summary>Number of parameters.</summary>
    public long Count { get; }

    /// <summary>The tensors in slab order.</summary>
    public ReadOnlySpan<ParameterSlice> Slices => _slices;

    /// <summary>All weights.</summary>
    public float* Weights => _weights.Data;

    /// <summary>Accumulated gradient.</summary>
    public float* Gradient => _gradient.Data;

    /// <summary>First moment of AdamW.</summary>
    public float* FirstMoment => _firstMoment.Data;

    /// <summary>Second moment of AdamW.</summary>
    public float* SecondMoment => _secondMoment.Data;

    /// <summary>Position of a tensor's first element, or -1 where the model has no such tensor.</summary>
    public long OffsetOrNone(string name) => _byName.TryGetValue(name, out var slice) ? slice.Offset : -1;

    /// <summary>A tensor's weights.</summary>
    public Span<float> WeightsOf(string name) => Span(Weights, _byName[name]);

    /// <summary>A tensor's accumulated gradient.</summary>
    public Span<float> GradientOf(string name) => Span(Gradient, _byName[name]);

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
            sink.Write(slice.Name + FirstMomentSuffix, slice.Shape, Span(FirstMoment, slice));
            sink.Write(slice.Name + SecondMomentSuffix, slice.Shape, Span(SecondMoment, slice));
        }
    }

    /// <summary>Reads both moments of every tensor.</summary>
    /// <exception cref="CheckpointException">One is missing or has another shape.</exception>
    public void ReadMoments(IWeightSource source)
    {
        foreach (var slice in _slices)
        {
            Read(source, slice, slice.Name + FirstMomentSuffix, Span(FirstMoment, slice));
            Read(source, slice, slice.Name + SecondMomentSuffix, Span(SecondMoment, slice));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _gradient.Dispose();
        _firstMoment.Dispose();
        _secondMoment.Dispose();
    }

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
