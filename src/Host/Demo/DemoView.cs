using System.Diagnostics;
using System.Globalization;
using Atlas.Evaluation.Scenarios;
using Spectre.Console;

namespace Atlas.Host.Demo;

/// <summary>
/// What is seen while the demonstration runs: on a terminal a table with its progress, drawn between requests only, so that no other thread
/// runs beside what is timed; elsewhere a plain line now and then.
/// </summary>
internal sealed class DemoView(bool live)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(250);

    private readonly bool _live = live && !Console.IsOutputRedirected;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private int _phase = -1;

    /// <summary>Runs something that reports its progress.</summary>
    public T Show<T>(Func<Action<ScenarioLog, double>, T> run)
    {
        if (!_live) return run(WriteLine);
        T result = default!;
        AnsiConsole.Live(new Text("warming up")).AutoClear(true).Start(context => result = run((log, progress) =>
        {
            if (_since.Elapsed < DrawInterval && progress < 1) return;
            _since.Restart();
            context.UpdateTarget(DemoTable.Phases(log).Title($"{progress:P0}"));
        }));
        return result;
    }

    private void WriteLine(ScenarioLog log, double progress)
    {
        int phase = Enumerable.Range(0, log.Scenario.Phases.Count).Last(p => log.Of(log.Strategies[0], p).Count > 0);
        if (phase == _phase && _since.Elapsed < LineInterval) return;
        _since.Restart();
        _phase = phase;
        var plain = log.Totals(log.Strategies[0], phase);
        var speedups = log.Strategies.Skip(1).Select(name =>
            string.Create(CultureInfo.InvariantCulture, $"{name} {log.Totals(name, phase).Goodput / plain.Goodput:F2}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"[{progress * 100:F0} %] phase {DemoTable.Name(log.Scenario, phase)}, request {plain.Requests}: over plain: {string.Join(", ", speedups)}"));
    }
}
