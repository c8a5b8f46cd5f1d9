using Atlas.Evaluation.Comparison;
using Spectre.Console;

namespace Atlas.Host.Demo;

/// <summary>Decodes the requests with a progress bar; without one where output is no terminal.</summary>
internal static class DemoProgress
{
    public static void Run(IReadOnlyList<EvaluationRequest> requests, StrategyComparison comparison, bool show)
    {
        if (!show || Console.IsOutputRedirected)
        {
            for (int i = 0; i < requests.Count; i++) comparison.Decode(requests[i], i);
            return;
        }
        AnsiConsole.Progress().AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask("decoding", maxValue: requests.Count);
            for (int i = 0; i < requests.Count; i++)
            {
                task.Description = requests[i].Domain;
                comparison.Decode(requests[i], i);
                task.Increment(1);
            }
        });
    }
}
