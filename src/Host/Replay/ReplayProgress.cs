using System.Diagnostics;
using System.Globalization;
using Atlas.Evaluation.Replay;
using Spectre.Console;

namespace Atlas.Host.Replay;

/// <summary>Replays with a progress bar that is drawn between requests only; where output is no terminal, with a line now and then.</summary>
internal static class ReplayProgress
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(250);

    public static ReplayLog Run(Func<Action<int>?, ReplayLog> replay, string source, int requests)
    {
        var since = Stopwatch.StartNew();
        if (Console.IsOutputRedirected)
            return replay(done =>
            {
                if (since.Elapsed < LineInterval) return;
                since.Restart();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{100.0 * done / requests:F0} %] {source}: request {done} of {requests}"));
            });
        return AnsiConsole.Progress().AutoRefresh(false).AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask(Markup.Escape(source), maxValue: requests);
            return replay(done =>
            {
                if (since.Elapsed < DrawInterval) return;
                since.Restart();
                task.Value = done;
                progress.Refresh();
            });
        });
    }
}
