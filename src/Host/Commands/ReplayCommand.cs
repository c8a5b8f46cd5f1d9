using System.CommandLine;
using System.Text.Json.Nodes;
using Atlas.Compute.Cpu.Tokens;
using Atlas.Evaluation.Replay;
using Atlas.Evaluation.Traces;
using Atlas.Host.Replay;
using Atlas.Modeling.Training;

namespace Atlas.Host.Commands;

/// <summary><c>atlas replay</c>: traces decoded again by the speculators that see tokens alone, without a model.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var options = new ReplayOptionSet();
        var report = new Option<string?>("--report") { Description = "Writes a page with charts to this file.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Ends with one line that holds a JSON object." };
        var command = new Command("replay", "Replays a recorded trace, an imported log or a drift scenario without a model, strategies side by side; or writes it as a trace.");
        options.AddTo(command);
        command.Add(report);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var sources = options.Sources(parsed);
            if (options.Write(parsed) is { } path)
            {
                int written = WriteTrace(sources[0], path);
                Console.WriteLine($"{written} requests written to {path}");
                if (parsed.GetValue(json)) Console.WriteLine(new JsonObject { ["trace"] = path, ["requests"] = written }.ToJsonString());
                return 0;
            }
            var replay = options.Read(parsed);
            var runs = sources.Select(source => Run(source, options.Tokens(parsed), replay, options.Strategies(parsed))).ToList();
            var summary = new ReplaySummary(runs, sources[0].Expected, options.Latency(parsed), replay.Lookahead);
            ReplayTable.Write(summary);
            if (parsed.GetValue(report) is { } page)
            {
                ReplayPage.Create(summary).Save(page);
                Console.WriteLine($"written to {page}");
            }
            if (parsed.GetValue(json)) Console.WriteLine(ReplayJson.Object(summary).ToJsonString());
            return 0;
        });
        return command;
    }

    private static ReplayRun Run(ReplaySource source, ITraceTokens tokens, ReplayOptions options, IReadOnlyList<string> strategies)
    {
        var trace = RecordedTrace.Read(source.Requests, source.Name, tokens);
        var heads = new CpuTokenHeads(new TokenHeadConfig(), trace.VocabularySize);
        var replay = new RecordedReplay(trace, new ReplayStacks(heads, options), strategies);
        replay.Warm();
        return new ReplayRun(source.Name, ReplayProgress.Run(replay, source.Name, trace.Requests.Count));
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
