using System.CommandLine;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Scoring;
using Atlas.Host.CommandLine;
using Atlas.Host.Evaluate;
using Atlas.Host.Models;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Commands;

/// <summary><c>atlas evaluate</c>: the figures of a model card, on held-out tasks.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var models = new ModelOptions();
        var tasks = new EvaluateOptionSet();
        var markdown = new Option<string?>("--markdown") { Description = "Writes the model card's table and samples to this file.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };

        var command = new Command("evaluate", "Judges a target, and its draft model where there is one, by held-out tasks of every domain.");
        models.AddTo(command);
        tasks.AddTo(command);
        command.Add(markdown);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var chosen = models.Choice(parsed);
            using var pair = ModelPair.Open(chosen);
            pair.RequireTokenizer();
            var plan = tasks.Read(parsed, TrainingRecord.Read(pair.TargetDirectory)?.Domains);
            var seenByDraft = pair.DraftDirectory is { } draft ? TrainingRecord.Read(draft)?.Domains : null;
            using var engine = models.Engine.Create(parsed);
            pair.Load(engine, new DecoderOptions { Format = chosen.Format, MaxSequences = plan.Batch + 2 }, withDraft: true);
            var card = EvaluationRun.Run(engine, pair, plan, seenByDraft);
            EvaluationReport.WriteTable(card, engine.Info);
            if (parsed.GetValue(markdown) is { } path) File.WriteAllText(path, ModelCardMarkdown.Write(card));
            if (parsed.GetValue(json)) EvaluationReport.WriteJson(card, pair, plan);
            return card.Differences == 0 || !engine.Info.BatchInvariant ? 0 : 1;
        });
        return command;
    }
}
