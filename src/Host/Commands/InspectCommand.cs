using System.CommandLine;
using System.Text.Json.Nodes;
using Atlas.Host.Models;
using Atlas.Modeling.Checkpoints;

namespace Atlas.Host.Commands;

/// <summary><c>atlas inspect</c>: what a checkpoint directory holds, or all that is wrong with it.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "A Hugging Face checkpoint directory." };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };
        var command = new Command("inspect", "Describes a checkpoint directory, or lists all that is wrong with it (exit code 2).") { directory, json };
        command.SetAction(parsed =>
        {
            var report = CheckpointInspector.Inspect(parsed.GetValue(directory)!, TokenizerCheck.Run);
            if (parsed.GetValue(json)) WriteJson(report);
            else WriteText(report);
            return report.Faults.Count == 0 ? 0 : 2;
        });
        return command;
    }

    private static void WriteText(CheckpointReport report)
    {
        int width = report.Summary.Count == 0 ? 0 : report.Summary.Max(line => line.Key.Length);
        foreach (var (name, value) in report.Summary) Console.WriteLine($"{name.PadRight(width)}  {value}");
        foreach (string fault in report.Faults) Console.Error.WriteLine($"atlas: {fault}");
    }

    private static void WriteJson(CheckpointReport report)
    {
        var summary = new JsonObject();
        foreach (var (name, value) in report.Summary) summary[name] = value;
        var faults = new JsonArray([.. report.Faults.Select(fault => (JsonNode)fault)]);
        Console.WriteLine(new JsonObject { ["summary"] = summary, ["faults"] = faults }.ToJsonString());
    }
}
