using System.CommandLine;
using System.Text.Json.Nodes;
using Atlas.Compute.Cpu;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Host.Commands;

/// <summary><c>atlas inspect</c>: what a checkpoint directory holds, or all that is wrong with it; where asked, what an engine runs on.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "A Hugging Face checkpoint directory." };
        var engine = new Option<string?>("--engine") { Description = "Reports device, libraries and free memory of this engine too: cpu or torch." };
        engine.AcceptOnlyFromAmong(EngineOptions.Names);
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };
        var command = new Command("inspect", "Describes a checkpoint directory, or lists all that is wrong with it (exit code 2).") { directory, engine, json };
        command.SetAction(parsed =>
        {
            var report = CheckpointInspector.Inspect(parsed.GetValue(directory)!, TokenizerCheck.Run);
            var facts = Facts(parsed.GetValue(engine));
            if (parsed.GetValue(json)) WriteJson(report, facts);
            else WriteText(report, facts);
            return report.Faults.Count == 0 ? 0 : 2;
        });
        return command;
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Facts(string? name)
    {
        if (name is null) return [];
        using var engine = Engines.Create(name, new CpuEngineOptions());
        return EngineFacts.Of(engine);
    }

    private static void WriteText(CheckpointReport report, IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        KeyValuePair<string, string>[] lines = [.. report.Summary, .. facts];
        int width = lines.Length == 0 ? 0 : lines.Max(line => line.Key.Length);
        foreach (var (name, value) in lines) Console.WriteLine($"{name.PadRight(width)}  {value}");
        foreach (string fault in report.Faults) Console.Error.WriteLine($"atlas: {fault}");
    }

    private static void WriteJson(CheckpointReport report, IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        var summary = new JsonObject();
        foreach (var (name, value) in report.Summary) summary[name] = value;
        var faults = new JsonArray([.. report.Faults.Select(fault => (JsonNode)fault)]);
        var result = new JsonObject { ["summary"] = summary, ["faults"] = faults };
        if (facts.Count > 0) result["engine"] = new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value)));
        Console.WriteLine(result.ToJsonString());
    }
}
