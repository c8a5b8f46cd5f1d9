using System.Text;
using System.Text.Json;

namespace Atlas.Modeling.Checkpoints;

/// <summary>
/// Parses JSON that nobody vouches for. What comes back is safe to walk: valid UTF-8, at most 64 levels deep, no name twice in one object,
/// and every name and string decodes.
/// </summary>
internal static class JsonFile
{
    private const long MostBytes = 64 << 20;

    /// <summary>Reads a file whose root must be an object; null (and a fault) where it is absent, unreadable or malformed.</summary>
    public static JsonElement? ReadObject(string path, FaultList faults)
    {
        byte[] bytes;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MostBytes)
            {
                faults.Add(path, $"{stream.Length} bytes, expected at most {MostBytes}");
                return null;
            }
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(path, "no such file");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            faults.Add(path, Directory.Exists(path) ? "is a directory, expected a file" : $"cannot be read: {e.Message}");
            return null;
        }
        return ParseObject(bytes, path, "", faults);
    }

    /// <summary>Parses bytes whose root must be an object; <paramref name="what"/> names the part of the file in messages.</summary>
    public static JsonElement? ParseObject(ReadOnlyMemory<byte> utf8, string path, string what, FaultList faults)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(utf8.Span);
            using JsonDocument document = JsonDocument.Parse(utf8);
            JsonElement root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object)
            {
                faults.Add(path, $"{what}expected a JSON object, found {Describe(root)}");
                return null;
            }
            return Check(root, path, what, faults) ? root : null;
        }
        catch (DecoderFallbackException)
        {
            faults.Add(path, $"{what}not valid UTF-8");
        }
        catch (JsonException e)
        {
            faults.Add(path, $"{what}not valid JSON: {e.Message}");
        }
        return null;
    }

    /// <summary>A value as a message shows it: scalars as written, containers by their kind.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => FaultList.OneLine(value.GetRawText(), 60),
    };

    private static bool Check(JsonElement value, string path, string where, FaultList faults)
    {
        bool sound = true;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray()) sound &= Check(item, path, where, faults);
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            sound = Decodes(() => value.GetString(), path, where, faults);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>();
            foreach (JsonProperty property in value.EnumerateObject())
            {
                if (!Decodes(() => property.Name, path, where, faults)) return false;
                string name = property.Name;
                if (!names.Add(name))
                {
                    faults.Add(path, $"{where}{FaultList.Quote(name)} appears twice, expected once");
                    sound = false;
                }
                sound &= Check(property.Value, path, $"{where}{FaultList.OneLine(name, 100)}: ", faults);
            }
        }
        return sound;
    }

    // A \u escape that is half a surrogate pair parses, but does not decode.
    private static bool Decodes(Func<string?> read, string path, string where, FaultList faults)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            faults.Add(path, $"{where}a string with half a surrogate pair, expected Unicode text");
            return false;
        }
    }
}
