using System.Text.Json;

namespace Atlas.Modeling.Tokenization.Json;

/// <summary>
/// A value of a <c>tokenizer.json</c> that knows where it stands, so that whatever is wrong with it is reported by file and key.
/// </summary>
/// <param name="File">The file's path, as the user gave it.</param>
/// <param name="Path">The key, from the root: <c>model.merges[3]</c>.</param>
/// <param name="Element">The value.</param>
internal sealed record JsonSection(string File, string Path, JsonElement Element)
{
    /// <summary>The value is null.</summary>
    public bool IsNull => Element.ValueKind == JsonValueKind.Null;

    /// <summary>The error that says what stands here and what was expected instead.</summary>
    public CheckpointException Fault(string expected) =>
        new($"{File}: {Path} is {OneLine.Show(Element.GetRawText())}; expected {expected}");

    /// <summary>The value as a string.</summary>
    public string Text() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Fault("a string");

    /// <summary>The value as true or false.</summary>
    public bool Flag() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault("true or false"),
    };

    /// <summary>The value as a token id.</summary>
    public int Id() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var id) && id >= 0 ? id : throw Fault("a token id");

    /// <summary>The value as an object with no other keys than <paramref name="keys"/>, and none of them twice.</summary>
    public JsonSection Only(params ReadOnlySpan<string> keys)
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Fault("an object");
        var seen = new HashSet<string>();
        foreach (var property in Element.EnumerateObject())
        {
            if (!keys.Contains(property.Name))
                throw new CheckpointException(
                    $"{File}: {Path} has the unknown key \"{OneLine.Show(property.Name)}\"; expected {string.Join(", ", keys.ToArray())}");
            if (!seen.Add(property.Name)) throw new CheckpointException($"{File}: {Path} has the key \"{property.Name}\" twice; expected once");
        }

        return this;
    }

    /// <summary>The value under <paramref name="key"/> of an object, null when it is absent.</summary>
    public JsonSection? Find(string key) =>
        Element.ValueKind != JsonValueKind.Object ? throw Fault("an object")
        : Element.TryGetProperty(key, out var value) ? new JsonSection(File, $"{Path}.{OneLine.Show(key)}", value)
        : null;

    /// <summary>The value under <paramref name="key"/> of an object, which must be there.</summary>
    public JsonSection Get(string key) =>
        Find(key) ?? throw new CheckpointException($"{File}: {Path} has no key \"{OneLine.Show(key)}\"; expected one");

    /// <summary>The elements of an array.</summary>
    public IEnumerable<JsonSection> Items() => Element.ValueKind == JsonValueKind.Array
        ? Element.EnumerateArray().Select((item, index) => new JsonSection(File, $"{Path}[{index}]", item))
        : throw Fault("an array");

    /// <summary>The string under <c>type</c>, by which the parts of a tokenizer are told apart.</summary>
    public string Type() => Get("type").Text();
}
