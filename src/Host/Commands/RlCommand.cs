using System.CommandLine;
using Atlas.Evaluation.Reports;
using Atlas.Host.CommandLine;
using Atlas.Host.Replay;
using Atlas.Host.Rl;

namespace Atlas.Host.Commands;

/// <summary><c>atlas rl</c>: a policy-gradient run whose rollouts are drawn by all strategies side by side.</summary>
internal static class RlCommand
{
    public static Command Create()
    {
        var models = new ModelOptions();
        var options = new RlOptionSet();
        var report = new Option<string>("--report") { Description = "Where the page goes, and its figures as JSON beside it.", HelpName = "file", DefaultValueFactory = _ => "rl.html" };
        var plots = new Option<string?>("--plots") { Description = "Writes the charts as SVG files to this directory, for texts that show them.", HelpName = "dir" };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };
        var command = new Command(
            "rl", "Trains the target by policy gradient (GRPO) on tasks with checkable rewards; draws every step's rollouts with each strategy in turns. Resumes where it was interrupted.");
        options.AddTo(command);
        models.AddTo(command);
        command.Add(report);
        command.Add(plots);
        command.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var config = options.Config(parsed);
            var (machine, chosen) = (options.Table(parsed), models.Choice(parsed));
            // On a thread of its own, so that an interrupt is heard while it runs.
            return Task.Run(() =>
            {
                using var engine = models.Engine.Create(parsed);
                using var progress = new RlProgress(config.Steps);
                var session = new RlSession(engine, chosen, config, machine);
                var state = session.Run(options.Checkpoints(parsed), progress.Show, cancellation);
                progress.Dispose();
                var provenance = new Provenance([.. parsed.Tokens.Select(token => token.Value)], engine.Info, session.Models, [config.Seed]);
                var summary = new RlSummary(config, state, engine.Info, machine, provenance);
                TableWidth.Widen();
                RlTable.Write(summary);
                string path = parsed.GetValue(report)!;
                var page = RlPage.Create(summary);
                page.Save(path);
                var figures = RlJson.Object(summary);
                JsonFile.SaveFiguresOf(path, figures);
                if (parsed.GetValue(plots) is { } images) ChartImages.Save(images, "", page.Charts);
                Console.WriteLine($"written to {path}");
                if (parsed.GetValue(json)) Console.WriteLine(figures.ToJsonString());
                return summary.Figures.RewardsIdentical || !engine.Info.BatchInvariant ? 0 : 1;
            }, CancellationToken.None);
        });
        return command;
    }
}
