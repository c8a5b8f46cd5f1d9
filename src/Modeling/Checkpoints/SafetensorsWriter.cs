using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Writes one safetensors file. The header comes first in the format, so the tensors' names and shapes are given at the start; their values
/// then come in any order, each once, and go straight to the disk. Nothing shows under the file's name before <see cref="Commit"/>; without
/// it, disposing leaves no trace. For one thread.
/// </summary>
public sealed class SafetensorsWriter : IWeightSink, IDisposable
{
    private const int ChunkElements = 1 << 16;
    private readonly AtomicFile _file;
    private readonly WeightType _type;
    private readonly Dictionary<string, (TensorShape Tensor, long Offset)> _missing = [];
    private readonly ushort[] _narrow = new ushort[ChunkElements];

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">What it will hold; bytes are laid out in this order.</param>
    /// <param name="type">Element type of all tensors, <see cref="WeightType.F32"/> or <see cref="WeightType.BF16"/>.</param>
    /// <param name="metadata">Entries for the header's <c>__metadata__</c>, beside <c>"format": "pt"</c>, which readers ask for.</param>
    public SafetensorsWriter(
        string path, IEnumerable<TensorShape> tensors, WeightType type, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (type is not (WeightType.F32 or WeightType.BF16)) throw new ArgumentException($"{type} cannot be written, expected F32 or BF16");
        _type = type;
        TensorShape[] all = [.. tensors];
        byte[] header = Header(all, type, metadata ?? new Dictionary<string, string>());
        long offset = SafetensorsHeader.PrefixBytes + header.Length;
        foreach (TensorShape tensor in all)
        {
            _missing.Add(tensor.Name, (tensor, offset));
            offset += tensor.Elements * Widening.Size(type);
        }
        _file = new AtomicFile(path);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        _file.Content.Write(prefix);
        _file.Content.Write(header);
    }

    /// <summary>Writes a whole set of tensors as a file.</summary>
    public static void Save(
        string path, WeightsInMemory weights, WeightType type = WeightType.F32, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        using var writer = new SafetensorsWriter(path, weights.Tensors, type, metadata);
        foreach (TensorShape tensor in weights.Tensors) writer.Write(tensor.Name, [.. tensor.Shape], weights.Values(tensor.Name));
        writer.Commit();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name was not announced or came before, or shape or number of values are others.</exception>
    public void Write(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values)
    {
        if (!_missing.TryGetValue(name, out var place)) throw new ArgumentException($"tensor {name} was not announced, or was written before");
        if (!shape.SequenceEqual([.. place.Tensor.Shape]) || values.Length != place.Tensor.Elements)
        {
            throw new ArgumentException($"tensor {name}: {values.Length} values in [{string.Join(", ", shape.ToArray())}], expected "
                + $"[{string.Join(", ", place.Tensor.Shape)}]");
        }
        _file.Content.Position = place.Offset;
        for (int done = 0; done < values.Length; done += ChunkElements)
            WriteChunk(values.Slice(done, Math.Min(ChunkElements, values.Length - done)));
        _missing.Remove(name);
    }

    /// <summary>Puts the finished file in its place.</summary>
    /// <exception cref="InvalidOperationException">A tensor that was announced is missing.</exception>
    public void Commit()
    {
        if (_missing.Count > 0) throw new InvalidOperationException($"tensor {_missing.Keys.First()} was announced and never written");
        _file.Commit();
    }

    /// <summary>Ends the writing; a file that was not committed leaves no trace.</summary>
    public void Dispose() => _file.Dispose();

    private void WriteChunk(ReadOnlySpan<float> values)
    {
        if (_type == WeightType.F32)
        {
            _file.Content.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<ushort> narrow = _narrow.AsSpan(0, values.Length);
        Narrowing.ToBFloat16(values, narrow);
        _file.Content.Write(MemoryMarshal.AsBytes(narrow));
    }

    private static byte[] Header(TensorShape[] tensors, WeightType type, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            foreach ((string key, string value) in metadata) json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (TensorShape tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", type.ToString());
                json.WriteStartArray("shape");
                foreach (int dimension in tensor.Shape) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Elements * Widening.Size(type));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
