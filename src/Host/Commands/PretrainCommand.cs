using System.CommandLine;
using Atlas.Host.CommandLine;
using Atlas.Host.Pretraining;

namespace Atlas.Host.Commands;

/// <summary><c>atlas pretrain</c>: makes a model pair from a recipe, or trains one decoder on text files.</summary>
internal static class PretrainCommand
{
    public static Command Create()
    {
        var engine = new EngineOptions();
        var text = new TextRunOptions();
        var recipe = new Option<string?>("--recipe") { Description = "Makes a target and its draft model from this recipe.", HelpName = "file" };
        var only = new Option<string?>("--only") { Description = "With --recipe: makes only the target, the draft or the head of the learned speculator, which needs the target." };
        only.AcceptOnlyFromAmong("target", "draft", "head");
        var output = new Option<string>("--out") { Description = "Directory the models are written to.", HelpName = "dir", Required = true };
        var work = new Option<string?>("--checkpoints")
        {
            Description = "Directory of training checkpoints; a run continues the newest whole one there. Default: runs/ and the name of --out.",
            HelpName = "dir",
        };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };

        var command = new Command("pretrain", "Trains decoder checkpoints: a pair from a recipe, or one decoder from text files. Resumes where it was interrupted.");
        foreach (Option option in (Option[])[recipe, only, output, work, json]) command.Add(option);
        text.AddTo(command);
        engine.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            string directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(output)!));
            string checkpoints = parsed.GetValue(work) ?? Path.Combine("runs", Path.GetFileName(directory));
            bool fromRecipe = parsed.GetValue(recipe) is not null;
            if (fromRecipe == text.IsGiven(parsed)) throw new UsageException("expected either --recipe FILE or --text FILES, and one of them");
            if (fromRecipe && text.FirstGiven(parsed) is { } option)
                throw new UsageException($"{option} is for --text; expected it in the recipe {parsed.GetValue(recipe)}");
            if (!fromRecipe && parsed.GetValue(only) is not null) throw new UsageException("--only is for --recipe; expected --text without it");
            // On a thread of its own, so that an interrupt is heard while it trains.
            return Task.Run(() =>
            {
                using var compute = engine.Create(parsed);
                var report = new PretrainReport(parsed.GetValue(json));
                if (fromRecipe)
                    RecipeRun.Run(compute, new RecipeRun.Request(parsed.GetValue(recipe)!, parsed.GetValue(only), directory, checkpoints), report, cancellation);
                else
                    TextRun.Run(compute, text.Read(parsed), directory, checkpoints, report, cancellation);
                report.Finish();
                return 0;
            }, CancellationToken.None);
        });
        return command;
    }
}
