using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atlas.Host.CommandLine;

/// <summary>JSON files that people look at too: indented, with a line's end behind the last line.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a file; what was there is replaced.</summary>
    public static void Save(string path, JsonObject content) => File.WriteAllText(path, content.ToJsonString(Indented) + "\n");

    /// <summary>Writes the figures of a page beside it.</summary>
    public static void SaveFiguresOf(string page, JsonObject figures) => Save(Path.ChangeExtension(page, ".figures.json"), figures);
}
