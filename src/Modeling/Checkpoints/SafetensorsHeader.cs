using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Parses and checks the header of a safetensors file: 8 bytes of length (little-endian), that many bytes of JSON, then the tensors' bytes.
/// As the format asks, the header begins with a brace, names no tensor twice, and the byte ranges cover the rest of the file without hole
/// or overlap.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes before the JSON.</summary>
    public const int PrefixBytes = 8;

    private const string MetadataKey = "__metadata__";
    private const long MostHeaderBytes = 100_000_000;
    private const int MostDimensions = 8;

    private static readonly Dictionary<string, int> ElementBytes = new()
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["F8_E4M3"] = 1,
        ["F8_E5M2"] = 1,
        ["F8_E8M0"] = 1,
        ["I16"] = 2,
        ["U16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F32"] = 4,
        ["I64"] = 8,
        ["U64"] = 8,
        ["F64"] = 8,
        ["C64"] = 8,
    };

    private SafetensorsHeader(IReadOnlyList<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>The <c>__metadata__</c> entry; empty when absent.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a header from a mapped file; null, and at least one fault, where something is wrong.</summary>
    public static SafetensorsHeader? Read(MappedFile file, FaultList faults)
    {
        int before = faults.Count;
        if (Json(file, faults) is not { } json) return null;
        long dataStart = PrefixBytes + HeaderBytes(file), dataBytes = file.Length - dataStart;
        var tensors = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name == MetadataKey) ReadMetadata(property.Value, file.Path, metadata, faults);
            else if (Entry(property, dataStart, dataBytes, file.Path, faults) is { } entry) tensors.Add(entry);
        }
        if (faults.Count > before) return null;
        tensors.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.Bytes.CompareTo(b.Bytes));
        CheckCoverage(tensors, dataStart, file, faults);
        return faults.Count == before ? new SafetensorsHeader(tensors, metadata) : null;
    }

    private static long HeaderBytes(MappedFile file) => (long)BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, PrefixBytes));

    private static JsonElement? Json(MappedFile file, FaultList faults)
    {
        if (file.Length < PrefixBytes)
        {
            faults.Add(file.Path, $"{file.Length} bytes, expected a safetensors header length of {PrefixBytes} bytes first");
            return null;
        }
        long length = HeaderBytes(file), most = Math.Min(MostHeaderBytes, file.Length - PrefixBytes);
        if (length < 2 || length > most)
        {
            faults.Add(file.Path, $"header length {(ulong)length}, expected 2 to {most} in a file of {file.Length} bytes");
            return null;
        }
        byte[] header = file.Bytes(PrefixBytes, (int)length).ToArray();
        if (header[0] != '{')
        {
            faults.Add(file.Path, $"header begins with byte 0x{header[0]:x2}, expected a brace");
            return null;
        }
        return JsonFile.ParseObject(header, file.Path, "header: ", faults);
    }

    private static void ReadMetadata(JsonElement json, string path, Dictionary<string, string> metadata, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
        {
            faults.Add(path, $"{MetadataKey}: expected an object of strings");
            return;
        }
        foreach (JsonProperty property in json.EnumerateObject()) metadata.Add(property.Name, property.Value.GetString()!);
    }

    private static SafetensorsEntry? Entry(JsonProperty property, long dataStart, long dataBytes, string path, FaultList faults)
    {
        string name = property.Name, where = $"tensor {FaultList.Quote(name)}";
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(path, $"{where}: {JsonFile.Describe(property.Value)}, expected an object with dtype, shape and data_offsets");
            return null;
        }
        int before = faults.Count;
        var keys = new JsonKeys(property.Value, path, faults, $"{where}: ");
        string? dtype = Dtype(keys);
        List<long>? shape = Integers(keys, "shape", MostDimensions), range = Integers(keys, "data_offsets", 2);
        keys.RefuseOthers(new HashSet<string>());
        if (faults.Count > before || shape is null || range is null) return null;
        if (range.Count != 2 || range[1] < range[0] || range[1] > dataBytes)
        {
            keys.Fault("data_offsets", $"[{string.Join(", ", range)}], expected a begin and an end within {dataBytes} bytes of data");
            return null;
        }
        if (shape.FirstOrDefault(d => d > int.MaxValue) is var large and not 0)
        {
            keys.Fault("shape", $"dimension {large}, expected at most {int.MaxValue}");
            return null;
        }
        BigInteger bytes = shape.Aggregate(new BigInteger(ElementBytes[dtype!]), (product, d) => product * d);
        if (bytes != range[1] - range[0])
        {
            keys.Fault("data_offsets", $"{range[1] - range[0]} bytes, expected {bytes} for {dtype} [{string.Join(", ", shape)}]");
            return null;
        }
        return new SafetensorsEntry(name, dtype!, [.. shape.Select(d => (int)d)], dataStart + range[0], range[1] - range[0]);
    }

    private static string? Dtype(JsonKeys keys)
    {
        if (keys.Value("dtype") is null) keys.Fault("dtype", "missing, expected an element type such as \"F32\"");
        if (keys.Text("dtype") is not { } dtype) return null;
        if (!ElementBytes.ContainsKey(dtype)) keys.Fault("dtype", $"{FaultList.Quote(dtype)} is not known, expected F32, F16 or BF16");
        return dtype;
    }

    private static List<long>? Integers(JsonKeys keys, string key, int most)
    {
        if (keys.Value(key) is not { } json)
        {
            keys.Fault(key, "missing, expected a list of integers");
            return null;
        }
        var result = new List<long>();
        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() <= most)
        {
            foreach (JsonElement item in json.EnumerateArray())
                if (item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long n) && n >= 0) result.Add(n);
            if (result.Count == json.GetArrayLength()) return result;
        }
        keys.Fault(key, $"expected a list of at most {most} integers from 0");
        return null;
    }

    private static void CheckCoverage(List<SafetensorsEntry> tensors, long dataStart, MappedFile file, FaultList faults)
    {
        long end = dataStart;
        foreach (SafetensorsEntry tensor in tensors)
        {
            string name = FaultList.Quote(tensor.Name);
            if (tensor.Offset < end) faults.Add(file.Path, $"tensor {name}: data_offsets overlap those of another by {end - tensor.Offset} bytes");
            if (tensor.Offset > end) faults.Add(file.Path, $"tensor {name}: data_offsets leave a hole of {tensor.Offset - end} bytes before it");
            end = Math.Max(end, tensor.Offset + tensor.Bytes);
        }
        if (end != file.Length) faults.Add(file.Path, $"{file.Length - end} bytes behind the last tensor, expected none");
    }
}
