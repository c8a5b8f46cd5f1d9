using System.Text.Json;

namespace Atlas.Evaluation.Traces;

/// <summary>A JSON value in a trace together with its place, so that every fault can name file, line and key.</summary>
/// <param name="element">The value.</param>
/// <param name="line">The place of the line, <c>file:number</c>.</param>
/// <param name="key">The key of the value, empty for the line's own object.</param>
internal readonly struct TraceField(JsonElement element, string line, string key)
{
    /// <summary>The value of a key of this object, or nothing where it is absent or null.</summary>
    public TraceField? Find(string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault("an object");
        string path = key.Length == 0 ? name : $"{key}.{name}";
        return element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? new TraceField(value, line, path)
            : null;
    }

    /// <summary>All members of this object, with their names.</summary>
    public IEnumerable<(string Name, TraceField Field)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault("an object");
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = NameOf(member);
            yield return (name, new TraceField(member.Value, line, key.Length == 0 ? name : $"{key}.{name}"));
        }
    }

    /// <summary>Whether the value is an array.</summary>
    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    /// <summary>Whether the value is text.</summary>
    public bool IsText => element.ValueKind == JsonValueKind.String;

    /// <summary>The values of this array, in their order.</summary>
    /// <param name="expected">What the array is of, for the error where there is none.</param>
    public IEnumerable<TraceField> Items(string expected)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fault(expected);
        int at = 0;
        foreach (JsonElement item in element.EnumerateArray())
            yield return new TraceField(item, line, $"{key}[{at++}]");
    }

    /// <summary>The value as whole text.</summary>
    public string Text()
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Fault("a string");
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException inner)
        {
            throw new TraceException($"{Place}: the string has half of a surrogate pair; expected whole characters", inner);
        }
    }

    /// <summary>The value as a finite number.</summary>
    public double Number() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw Fault("a finite number");

    /// <summary>The value as a finite number of single precision.</summary>
    public float Single() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out float value) && float.IsFinite(value)
            ? value
            : throw Fault("a finite number");

    /// <summary>The value as a whole number of at least <paramref name="low"/>.</summary>
    public int Whole(int low) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= low
            ? value
            : throw Fault($"a whole number from {low} to {int.MaxValue}");

    /// <summary>The value as 64 bits without sign.</summary>
    public ulong Unsigned() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out ulong value)
            ? value
            : throw Fault($"a whole number from 0 to {ulong.MaxValue}");

    /// <summary>The value as token ids.</summary>
    public int[] Tokens()
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fault("an array of token ids");
        int[] tokens = new int[element.GetArrayLength()];
        int at = 0;
        foreach (JsonElement token in element.EnumerateArray())
        {
            tokens[at] = new TraceField(token, line, $"{key}[{at}]").Whole(low: 0);
            at++;
        }
        return tokens;
    }

    /// <summary>The error that says what stands here and what should.</summary>
    public TraceException Fault(string expected) => new($"{Place}: found {Found}; expected {expected}");

    /// <summary>The error that a key of this object is missing.</summary>
    public TraceException Absent(string name, string expected) =>
        new($"{line}:{(key.Length == 0 ? name : $"{key}.{name}")}: missing; expected {expected}");

    /// <summary>An error at this place in other words.</summary>
    public TraceException Because(string reason) => new($"{Place}: {reason}");

    private string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException inner)
        {
            throw new TraceException($"{Place}: a key has half of a surrogate pair; expected whole characters", inner);
        }
    }

    private string Place => key.Length == 0 ? line : $"{line}:{Shown(key)}";

    private string Found => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Shown(element.GetRawText()),
    };

    private static string Shown(string raw)
    {
        const int Most = 40;
        string line = raw.ReplaceLineEndings(" ");
        return line.Length <= Most ? line : line[..Most] + "...";
    }
}
