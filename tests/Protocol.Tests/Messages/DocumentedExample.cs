using System.Text.Json;
using System.Text.RegularExpressions;

namespace Atlas.Protocol.Tests.Messages;

/// <summary>An example of docs/protocol.md: a message as JSON, and its bytes.</summary>
public sealed partial record DocumentedExample(string Name, bool Packed, string Json, byte[] Bytes)
{
    private static readonly string Text = File.ReadAllText(PythonMsgpackFactAttribute.File("docs/protocol.md"));

    public static IReadOnlyList<DocumentedExample> All { get; } =
    [
        .. Block().Matches(Text).Select(m => new DocumentedExample(
            m.Groups["name"].Value,
            m.Groups["packed"].Success,
            m.Groups["json"].Value,
            Convert.FromHexString(string.Concat(m.Groups["hex"].Value.Where(char.IsAsciiHexDigit))))),
    ];

    /// <summary>How many fenced blocks the document marks as examples, whether or not bytes follow.</summary>
    public static int Marked => Text.Split("```json").Length - 1;

    /// <summary>Writes the JSON as MessagePack: numbers with a point as float 32, or float 64 in the results of <c>stats</c>.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        using JsonDocument document = JsonDocument.Parse(Json);
        Write(ref writer, document.RootElement);
    }

    public override string ToString() => Name;

    private void Write(ref MessagePackWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null: writer.WriteNil(); break;
            case JsonValueKind.True: writer.Write(true); break;
            case JsonValueKind.False: writer.Write(false); break;
            case JsonValueKind.String: writer.Write(value.GetString()); break;
            case JsonValueKind.Number when value.GetRawText().Contains('.'):
                if (Name.StartsWith("stats", StringComparison.Ordinal)) writer.Write(value.GetDouble());
                else writer.Write(value.GetSingle());
                break;
            case JsonValueKind.Number: writer.Write(value.GetInt64()); break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (JsonElement element in value.EnumerateArray()) Write(ref writer, element);
                break;
            case JsonValueKind.Object when value.TryGetProperty("$bin", out JsonElement bin):
                writer.Write(Convert.FromHexString(bin.GetString()!));
                break;
            case JsonValueKind.Object when value.TryGetProperty("$ints", out JsonElement pairs):
                writer.WriteMapHeader(pairs.GetArrayLength());
                foreach (JsonElement pair in pairs.EnumerateArray())
                {
                    Write(ref writer, pair[0]);
                    Write(ref writer, pair[1]);
                }
                break;
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.EnumerateObject().Count());
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    writer.Write(property.Name);
                    Write(ref writer, property.Value);
                }
                break;
        }
    }

    [GeneratedRegex(@"```json example=(?<name>[\w.]+)(?<packed> packed)?\n(?<json>.*?)\n```\n\n```hex\n(?<hex>[0-9a-f \n]*)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
