using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// The weights of a checkpoint directory: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> lists. Knows
/// which file holds which tensor; owns the mapped files.
/// </summary>
internal sealed class WeightFiles : IDisposable
{
    private const int MostShards = 4096;
    private readonly List<SafetensorsFile> _files = [];
    private readonly SortedDictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> _tensors = new(StringComparer.Ordinal);

    private WeightFiles() { }

    /// <summary>Every stored tensor by name, in ordinal order.</summary>
    public IReadOnlyDictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> Tensors => _tensors;

    /// <summary>How many files the weights are split over.</summary>
    public int Count => _files.Count;

    /// <summary>Opens the weight files of a directory; null where none can be read, faults wherever something is wrong.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="faults">Gets what is wrong.</param>
    /// <param name="wanted">Tensors that are to be read; shards without any of them are left alone. Null for all.</param>
    public static WeightFiles? Open(string directory, FaultList faults, IReadOnlySet<string>? wanted = null)
    {
        var weights = new WeightFiles();
        string single = Path.Combine(directory, CheckpointFiles.Weights), index = Path.Combine(directory, CheckpointFiles.WeightIndex);
        if (Path.Exists(single)) weights.Add(single, faults);
        else if (Path.Exists(index)) weights.AddShards(directory, index, faults, wanted);
        else faults.Add(directory, $"no weights, expected {CheckpointFiles.Weights} or {CheckpointFiles.WeightIndex}{Hint(directory)}");
        if (weights.Count > 0) return weights;
        weights.Dispose();
        return null;
    }

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => _files.ForEach(f => f.Dispose());

    private static string Hint(string directory)
    {
        foreach (string pattern in (string[])["*.bin", "*.pth", "*.pt", "*.gguf"])
        {
            if (Directory.EnumerateFiles(directory, pattern).FirstOrDefault() is { } other)
                return $" ({Path.GetFileName(other)} is another format: convert it to safetensors)";
        }
        return "";
    }

    private SafetensorsFile? Add(string path, FaultList faults)
    {
        if (SafetensorsFile.TryOpen(path, faults) is not { } file) return null;
        _files.Add(file);
        foreach (SafetensorsEntry entry in file.Entries)
        {
            if (!_tensors.TryAdd(entry.Name, (file, entry)))
            {
                string first = Path.GetFileName(_tensors[entry.Name].File.Description);
                faults.Add(path, $"tensor {FaultList.Quote(entry.Name)} is in {first} too, expected in one shard");
            }
        }
        return file;
    }

    private void AddShards(string directory, string index, FaultList faults, IReadOnlySet<string>? wanted)
    {
        if (JsonFile.ReadObject(index, faults) is not { } json) return;
        var keys = new JsonKeys(json, index, faults);
        _ = keys.Nested("metadata");
        JsonElement? map = keys.Value("weight_map");
        if (map is null) keys.Fault("weight_map", "missing, expected an object that maps tensors to shards");
        else if (map.Value.ValueKind != JsonValueKind.Object) keys.Fault("weight_map", $"{JsonFile.Describe(map.Value)}, expected an object");
        keys.RefuseOthers(new HashSet<string>());
        if (map is not { ValueKind: JsonValueKind.Object }) return;
        SortedDictionary<string, List<string>> tensorsOf = Group(map.Value, index, faults);
        if (tensorsOf.Count is 0 or > MostShards)
        {
            keys.Fault("weight_map", $"{tensorsOf.Count} shards, expected 1 to {MostShards}");
            return;
        }
        foreach ((string shard, List<string> tensors) in tensorsOf)
        {
            if (wanted is not null && !tensors.Exists(wanted.Contains)) continue;
            if (Add(Path.Combine(directory, shard), faults) is { } file) CompareWithIndex(file, tensors, index, faults);
        }
    }

    // The tensors of each shard, by the shard's file name.
    private static SortedDictionary<string, List<string>> Group(JsonElement map, string index, FaultList faults)
    {
        var tensorsOf = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (JsonProperty property in map.EnumerateObject())
        {
            string? shard = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : null;
            if (string.IsNullOrEmpty(shard) || shard is "." or ".." || shard.AsSpan().ContainsAny('/', '\\', '\0'))
            {
                faults.Add(index, $"weight_map.{FaultList.OneLine(property.Name, 100)}: {JsonFile.Describe(property.Value)}, "
                    + "expected the name of a file in the same directory");
            }
            else if (tensorsOf.TryGetValue(shard, out List<string>? tensors)) tensors.Add(property.Name);
            else tensorsOf.Add(shard, [property.Name]);
        }
        return tensorsOf;
    }

    private static void CompareWithIndex(SafetensorsFile file, List<string> listed, string index, FaultList faults)
    {
        string shard = Path.GetFileName(file.Description);
        foreach (string tensor in listed.Where(t => !file.Contains(t)))
            faults.Add(index, $"weight_map: tensor {FaultList.Quote(tensor)} is not in {shard}");
        foreach (string tensor in file.Names.Except(listed))
            faults.Add(file.Description, $"tensor {FaultList.Quote(tensor)} is not listed for this shard in {CheckpointFiles.WeightIndex}");
    }
}
