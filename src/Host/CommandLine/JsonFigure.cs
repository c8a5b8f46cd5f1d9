using System.Text.Json.Nodes;

namespace Atlas.Host.CommandLine;

/// <summary>A measured number in a JSON object: four decimals, and null for what was not measured or is no number.</summary>
internal static class JsonFigure
{
    public static JsonNode? Of(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, 4) : null;
}
