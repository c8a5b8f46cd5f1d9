using System.Globalization;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Models;

/// <summary>What an engine runs on and has free, as <c>atlas inspect</c> lists it.</summary>
internal static class EngineFacts
{
    /// <summary>Names and values, in order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(IComputeEngine engine) =>
    [
        new("engine", engine.Info.Name),
        new("device", engine.Info.Device),
        new("threads", engine.Info.Threads.ToString(CultureInfo.InvariantCulture)),
        new("free memory", engine.ReadFreeMemory() is { } free ? string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:F2} GB") : "unknown"),
    ];
}
