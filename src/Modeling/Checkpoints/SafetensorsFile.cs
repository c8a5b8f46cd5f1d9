namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// One safetensors file, memory-mapped: opening reads the header only, and checks it whole (github.com/huggingface/safetensors, "Format").
/// Tensors of F32, F16 and BF16 can be read, others only listed. Safe to read from several threads; not to dispose of meanwhile.
/// </summary>
public sealed class SafetensorsFile : IWeightSource, IDisposable
{
    private const int ChunkElements = 1 << 20;
    private readonly MappedFile _file;
    private readonly Dictionary<string, SafetensorsEntry> _tensors;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header)
    {
        _file = file;
        _tensors = header.Tensors.ToDictionary(t => t.Name);
        Names = [.. header.Tensors.Select(t => t.Name)];
        Metadata = header.Metadata;
        Entries = header.Tensors;
    }

    /// <summary>The file's path.</summary>
    public string Description => _file.Path;

    /// <summary>The tensors' names in the order of their bytes.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The header's <c>__metadata__</c>; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    internal IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="CheckpointException">It is absent, unreadable, or its header is not that of a sound safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var faults = new FaultList();
        SafetensorsFile? file = TryOpen(path, faults);
        faults.ThrowIfAny();
        return file!;
    }

    /// <inheritdoc/>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Describe(string name)
    {
        SafetensorsEntry entry = Entry(name);
        return new TensorInfo(Type(entry), entry.Shape);
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        SafetensorsEntry entry = Entry(name);
        RowRange.CheckWhole(Description, name, entry.Shape, destination.Length);
        Read(entry, 0, destination);
    }

    /// <inheritdoc/>
    public void ReadRows(string name, int firstRow, Span<float> destination)
    {
        SafetensorsEntry entry = Entry(name);
        Read(entry, RowRange.First(Description, name, entry.Shape, firstRow, destination.Length), destination);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Opens a file; null, and at least one fault, where something is wrong.</summary>
    internal static SafetensorsFile? TryOpen(string path, FaultList faults)
    {
        if (MappedFile.Open(path, faults) is not { } file) return null;
        if (SafetensorsHeader.Read(file, faults) is { } header) return new SafetensorsFile(file, header);
        file.Dispose();
        return null;
    }

    /// <summary>Stored bytes of a tensor, counted from its first.</summary>
    internal ReadOnlySpan<byte> Bytes(SafetensorsEntry entry, long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, entry.Bytes - count);
        return _file.Bytes(entry.Offset + offset, count);
    }

    private SafetensorsEntry Entry(string name) => _tensors.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw new CheckpointException($"{FaultList.OneLine(Description, 400)}: no tensor {FaultList.Quote(name)}");

    private WeightType Type(SafetensorsEntry entry) => entry.Type ?? throw new CheckpointException(
        $"{FaultList.OneLine(Description, 400)}: tensor {FaultList.Quote(entry.Name)}: dtype {entry.Dtype}, expected F32, F16 or BF16");

    private void Read(SafetensorsEntry entry, long firstElement, Span<float> destination)
    {
        WeightType type = Type(entry);
        int size = Widening.Size(type);
        for (int done = 0; done < destination.Length; done += ChunkElements)
        {
            Span<float> chunk = destination.Slice(done, Math.Min(ChunkElements, destination.Length - done));
            Widening.ToSingle(type, Bytes(entry, (firstElement + done) * size, chunk.Length * size), chunk);
        }
    }
}
