using System.CommandLine;
using Atlas.Evaluation.Comparison;
using Atlas.Host.CommandLine;
using Atlas.Host.Demo;
using Atlas.Host.Models;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Commands;

/// <summary><c>atlas demo</c>: held-out prompts of every domain, plain and speculative decoding interleaved, side by side in a table.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var models = new ModelOptions();
        var speculation = new SpeculationOptionSet();
        var requests = new Option<int>("--requests") { Description = "Prompts per domain.", DefaultValueFactory = _ => 12 };
        requests.MustBe(n => n is >= 1 and <= 10_000, "1 to 10000");
        var maxTokens = WholeNumber.Option("--max-tokens", 192, 1, "Most tokens emitted per request.");
        var sampling = new SamplingOptionSet();
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };

        var command = new Command("demo", "Decodes held-out prompts of each domain plainly and speculatively, in turns, and checks that the outputs are identical.");
        models.AddTo(command);
        speculation.AddTo(command);
        sampling.AddTo(command);
        foreach (Option option in (Option[])[requests, maxTokens, json]) command.Add(option);
        command.SetAction(parsed =>
        {
            var chosen = models.Choice(parsed);
            using var pair = ModelPair.Open(chosen);
            if (!pair.HasDraft) throw new UsageException("demo compares with the static draft model; expected --draft DIR");
            var choice = speculation.Read(parsed, hasDraft: true);
            var options = sampling.Read(parsed, pair.Config.VocabularySize);
            using var engine = models.Engine.Create(parsed);
            var sizes = new DecoderOptions { Format = chosen.Format, MaxSequences = 2 };
            pair.Load(engine, sizes, withDraft: true);

            var strategies = DemoStrategies.Create(engine, pair, choice);
            var prompts = DemoRequests.Create(pair, options, parsed.GetValue(requests), parsed.GetValue(maxTokens));
            var comparison = new StrategyComparison(strategies, pair.Config.EndTokens);
            DemoProgress.Run(prompts, comparison, show: !parsed.GetValue(json));
            DemoReport.WriteTable(comparison, strategies, engine.Info);
            if (parsed.GetValue(json)) DemoReport.WriteJson(comparison, strategies);
            return comparison.Differences.Count == 0 || !engine.Info.BatchInvariant ? 0 : 1;
        });
        return command;
    }
}
