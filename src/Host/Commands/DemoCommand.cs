using System.CommandLine;
using Atlas.Evaluation.Recipes;
using Atlas.Host.CommandLine;
using Atlas.Host.Demo;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;
using Spectre.Console;

namespace Atlas.Host.Commands;

/// <summary><c>atlas demo</c>: traffic that shifts under a running system, served by all strategies side by side.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var models = new ModelOptions();
        var options = new DemoOptionSet();
        var sampling = new SamplingOptionSet();
        var report = new Option<string>("--report") { Description = "Where the page goes.", HelpName = "file", DefaultValueFactory = _ => "report.html" };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };

        var command = new Command(
            "demo", "Shifts the traffic under a running system and serves it plainly, with each speculator, and with all under the controller, in turns; checks that the outputs are identical.");
        models.AddTo(command);
        options.AddTo(command);
        sampling.AddTo(command);
        command.Add(report);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var chosen = models.Choice(parsed);
            var plan = options.Read(parsed);
            using var pair = ModelPair.Open(chosen);
            if (!pair.HasDraft) throw new UsageException("demo compares with the static draft model; expected --draft DIR");
            var scenario = options.Scenario(parsed, pair);
            var requests = new DemoRequests(pair, sampling.Read(parsed, pair.Config.VocabularySize), plan.MaxTokens);
            using var engine = models.Engine.Create(parsed);
            int batch = plan.Full ? ExtraMeasurements.LargestBatch : 1;
            pair.Load(engine, new DecoderOptions { Format = chosen.Format, MaxSequences = Math.Max(2, batch) }, withDraft: true);
            var factory = new StackFactory(engine, pair, batch);
            var run = new DemoRun(plan, scenario, requests, pair.Config.EndTokens);
            run.Warm(factory);
            using var stacks = new DemoStacks(factory, plan.Lookahead);
            var (log, comparison) = new DemoView(!parsed.GetValue(json)).Show(served => run.Run(stacks, served));
            var extras = plan.Full && factory.TrainsHeads ? Extras(pair, new(factory, scenario, requests, DemoOptionSet.Known(pair), pair.Config.EndTokens), stacks) : null;
            var summary = new DemoSummary(log, comparison, stacks, engine.Info, extras);
            TableWidth.Widen();
            AnsiConsole.Write(DemoTable.Phases(log));
            DemoTable.WriteFigures(summary);
            string path = parsed.GetValue(report)!;
            DemoPage.Create(summary).Save(path);
            Console.WriteLine($"written to {path}");
            if (parsed.GetValue(json)) Console.WriteLine(DemoJson.Object(summary).ToJsonString());
            return summary.Identical || !engine.Info.BatchInvariant ? 0 : 1;
        });
        return command;
    }

    private static DemoExtras Extras(ModelPair pair, ExtraMeasurements measurements, DemoStacks stacks)
    {
        var seen = TrainingRecord.Read(pair.DraftDirectory!)?.Domains;
        return measurements.Run(stacks, seen, what => Console.WriteLine($"measuring {what}"));
    }
}
