using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// A JSON object read key by key. Each read checks type and range, adds a fault that names file and key where they are wrong, and remembers
/// the key, so that <see cref="RefuseOthers"/> finds those that nobody asked for. A key whose value is null counts as absent, unless
/// <see cref="Has"/> is asked.
/// </summary>
internal sealed class JsonKeys(JsonElement json, string file, FaultList faults, string prefix = "")
{
    private readonly HashSet<string> _read = [];

    /// <summary>Whether the key is there, even with a null.</summary>
    public bool Has(string key) => json.TryGetProperty(key, out _);

    /// <summary>Adds a fault about a key.</summary>
    public void Fault(string key, string message) => faults.Add(file, $"{prefix}{key}: {message}");

    /// <summary>The value of a key that is there and not null.</summary>
    public JsonElement? Value(string key)
    {
        _read.Add(key);
        return json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>An integer in a range, null when absent or wrong.</summary>
    public int? Integer(string key, int least, int most)
    {
        if (Value(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long n) && n >= least && n <= most) return (int)n;
        Fault(key, $"{JsonFile.Describe(value)}, expected an integer from {least} to {most}");
        return null;
    }

    /// <summary>An integer that must be there; the least value stands in for it after a fault.</summary>
    public int RequiredInteger(string key, int least, int most)
    {
        if (Value(key) is null) Fault(key, $"missing, expected an integer from {least} to {most}");
        return Integer(key, least, most) ?? least;
    }

    /// <summary>A finite number in a range, null when absent or wrong.</summary>
    public double? Number(string key, double least, double most)
    {
        if (Value(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double x) && x >= least && x <= most) return x;
        Fault(key, $"{JsonFile.Describe(value)}, expected a number from {least:R} to {most:R}");
        return null;
    }

    /// <summary>True or false, null when absent or wrong.</summary>
    public bool? Boolean(string key)
    {
        if (Value(key) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault(key, $"{JsonFile.Describe(value)}, expected true or false");
        return null;
    }

    /// <summary>A string, null when absent or wrong.</summary>
    public string? Text(string key)
    {
        if (Value(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Fault(key, $"{JsonFile.Describe(value)}, expected a string");
        return null;
    }

    /// <summary>A list of strings, null when absent or wrong.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (Value(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(v => v.GetString()!)];
        Fault(key, $"{JsonFile.Describe(value)}, expected a list of strings");
        return null;
    }

    /// <summary>One token id or a list of them; empty when absent or wrong.</summary>
    public IReadOnlyList<int> TokenIds(string key, int vocabulary)
    {
        if (Value(key) is not { } value) return [];
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        var ids = new List<int>(items.Length);
        foreach (JsonElement item in items)
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int id) && id >= 0 && id < vocabulary) ids.Add(id);
            else Fault(key, $"{JsonFile.Describe(item)}, expected token ids from 0 to {vocabulary - 1}");
        }
        return ids;
    }

    /// <summary>A nested object, null when absent or wrong.</summary>
    public JsonKeys? Nested(string key)
    {
        if (Value(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Object) return new JsonKeys(value, file, faults, $"{prefix}{key}.");
        Fault(key, $"{JsonFile.Describe(value)}, expected an object");
        return null;
    }

    /// <summary>Refuses every key that nobody read and that is not in <paramref name="harmless"/>.</summary>
    public void RefuseOthers(IReadOnlySet<string> harmless)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!_read.Contains(property.Name) && !harmless.Contains(property.Name))
                Fault(FaultList.OneLine(property.Name, 100), "unknown key, and it might change the result");
        }
    }
}
