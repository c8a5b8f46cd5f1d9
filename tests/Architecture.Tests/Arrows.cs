namespace Atlas.Architecture.Tests;

/// <summary>Who may reference whom, as the design draws it. Projects that are not founded yet have their place already.</summary>
internal static class Arrows
{
    private static readonly string[] Speculators = ["Speculator.Static", "Speculator.Adaptive"];

    private static readonly Dictionary<string, string[]> Direct = new()
    {
        ["Core"] = [],
        ["Modeling"] = ["Core"],
        ["Protocol"] = [],
        ["Client"] = ["Protocol"],
        ["Engine"] = ["Core"],
        ["Controller"] = ["Core"],
        ["Target"] = ["Core", "Modeling"],
        ["Speculator.Static"] = ["Core", "Modeling"],
        ["Speculator.Adaptive"] = ["Core", "Modeling"],
        ["Compute.Cpu"] = ["Core", "Modeling"],
        ["Compute.Torch"] = ["Core", "Modeling"],
        ["Trainer"] = ["Speculator.Adaptive", "Core", "Modeling"],
        ["Evaluation"] = ["Engine", "Controller", "Trainer", .. Speculators, "Target", "Modeling", "Client", "Core"],
    };

    public static IReadOnlyCollection<string> Known => [.. Direct.Keys, "Host"];

    /// <summary>Whether the design has an arrow from one project to the other.</summary>
    public static bool Allow(string from, string to) => from == "Host" ? to != "Host" : Direct.TryGetValue(from, out var targets) && targets.Contains(to);
}
