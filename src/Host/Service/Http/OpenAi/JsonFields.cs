using System.Text.Json;
using Atlas.Protocol.Rpc;

namespace Atlas.Host.Service.Http.OpenAi;

/// <summary>The fields of a JSON object that are there: null counts as not there, a field of a wrong type is refused by its name.</summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _at;

    /// <summary>Fields of an object.</summary>
    /// <param name="element">The object.</param>
    /// <param name="at">Where it stands, for messages; empty for the body itself.</param>
    /// <exception cref="RpcException">It is no object.</exception>
    public JsonFields(JsonElement element, string at = "")
    {
        if (element.ValueKind != JsonValueKind.Object) throw RpcException.Invalid(at, "is no object; expected a JSON object");
        (_object, _at) = (element, at);
    }

    /// <summary>Whether a field is there and neither null nor an empty list.</summary>
    public bool Has(string name) => Find(name) is { } value && (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > 0);

    /// <summary>A field's value.</summary>
    public JsonElement? Find(string name) => _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A field of text.</summary>
    public string? Text(string name) => Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "text");

    /// <summary>A field that is true or false.</summary>
    public bool? Flag(string name) => Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>A field of a whole number.</summary>
    public int? Whole(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Wrong(name, "a whole number");

    /// <summary>A field of a whole number of 64 bits.</summary>
    public long? Long(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : throw Wrong(name, "a whole number");

    /// <summary>A field of a number.</summary>
    public float? Single(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number) ? number : throw Wrong(name, "a number");

    /// <summary>A field that is an object.</summary>
    public JsonFields? Object(string name) => Find(name) is { } value ? new JsonFields(value, Path(name)) : null;

    private RpcException Wrong(string name, string expected) => RpcException.Invalid(Path(name), $"is {_object.GetProperty(name).ValueKind}; expected {expected}");

    private string Path(string name) => _at.Length == 0 ? name : $"{_at}.{name}";
}
