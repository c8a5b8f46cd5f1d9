using System.CommandLine;
using System.Text.Json.Nodes;
using Atlas.Evaluation.Traces;
using Atlas.Host.CommandLine;
using Atlas.Host.Replay;

namespace Atlas.Host.Commands;

/// <summary><c>atlas replay</c>: traces answered anew by a target, or decoded again as they were recorded, strategies side by side.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var options = new ReplayOptionSet();
        var live = new LiveOptionSet();
        var report = new Option<string?>("--report") { Description = "Writes a page with charts to this file, and JSON beside it.", HelpName = "file" };
        var folder = new Option<string?>("--out") { Description = "Writes a page and JSON for each scenario or trace, and an overview, to this directory. Finished runs are kept in its runs: the same command, given again, goes on from there.", HelpName = "dir" };
        var plots = new Option<string?>("--plots") { Description = "Writes the charts as SVG files to this directory, for texts that show them.", HelpName = "dir" };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };
        var command = new Command(
            "replay", "Replays a trace, an imported log or drift scenarios, strategies side by side: a target generates, or (--recorded) completions are taken as they are, without a model. "
            + "Or writes them as a trace.");
        options.AddTo(command);
        live.AddTo(command);
        command.Add(report);
        command.Add(folder);
        command.Add(plots);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var jobs = options.Jobs(parsed);
            if (options.Write(parsed) is { } path) return Write(jobs, path, parsed.GetValue(json));
            string? directory = parsed.GetValue(folder), page = parsed.GetValue(report);
            if (options.IsDirectory(parsed) && (directory is null || page is not null))
                throw new UsageException("a directory of scenarios has a report for each; expected --out, and no --report");
            using var session = options.IsRecorded(parsed) ? options.Recorded(parsed) : live.Open(parsed, options.Strategies(parsed), options.Lookahead(parsed));
            var kept = directory is null ? null : new KeptRuns(directory);
            var all = new List<ReplaySummary>();
            foreach (var job in jobs)
            {
                all.Add(Replay(job, session, kept, parsed));
                ReplayTable.Write(all[^1]);
                if (directory is not null) ReplayFolder.Add(directory, all[^1]);
                if (parsed.GetValue(plots) is { } images) ReplayFolder.SavePlots(images, all[^1]);
            }
            if (page is not null) ReplayFolder.Save(page, all[0]);
            if (directory is not null) ReplayFolder.Finish(directory, all);
            if ((page ?? directory) is { } place) Console.WriteLine($"written to {place}");
            if (parsed.GetValue(json)) Console.WriteLine((options.IsDirectory(parsed) ? ReplayFolder.Object(all) : ReplayJson.Object(all[0])).ToJsonString());
            return all.All(summary => summary.Identical ?? true) || !session.Engine.BatchInvariant ? 0 : 1;
        });
        return command;
    }

    private static ReplaySummary Replay(ReplayJob job, IReplaySession session, KeptRuns? kept, ParseResult parsed) => new(
        job.Name, [.. job.Sources.Select(source => kept?.Run(job.Name, source, session) ?? session.Run(source))], job.Expected, session.Manner,
        new Provenance([.. parsed.Tokens.Select(token => token.Value)], session.Engine, session.Models, job.Seeds));

    private static int Write(IReadOnlyList<ReplayJob> jobs, string path, bool json)
    {
        if (jobs.Count > 1) throw new UsageException("--write writes one trace; expected one scenario");
        int written = WriteTrace(jobs[0].Sources[0], path);
        Console.WriteLine($"{written} requests written to {path}");
        if (json) Console.WriteLine(new JsonObject { ["trace"] = path, ["requests"] = written }.ToJsonString());
        return 0;
    }

    // The trace takes its place only when it is whole.
    private static int WriteTrace(ReplaySource source, string path)
    {
        string partial = $"{path}.partial";
        int written = 0;
        try
        {
            using (var writer = new TraceWriter(partial))
                foreach (var request in source.Requests)
                {
                    writer.Write(request);
                    written++;
                }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
        return written;
    }
}
