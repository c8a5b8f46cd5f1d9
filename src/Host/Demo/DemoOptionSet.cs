using System.CommandLine;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Scenarios;
using Atlas.Evaluation.Workloads;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;

namespace Atlas.Host.Demo;

/// <summary>The options that say which traffic the demonstration has, and how long it is.</summary>
internal sealed class DemoOptionSet
{
    private readonly Option<bool> _quick = new("--quick") { Description = "About 45 seconds in place of three minutes." };
    private readonly Option<bool> _full = new("--full") { Description = "Everything that the figures need: longer phases, batches, unpredictable traffic, ablations." };
    private readonly Option<int?> _requests = new("--requests") { Description = "Requests of each phase. Default: what the time allows." };
    private readonly Option<int> _maxTokens = WholeNumber.Option("--max-tokens", 192, 1, "Most tokens emitted per request.");

    private readonly Option<int> _lookahead = new("--lookahead")
    {
        Description = "Draft tokens per step of the static strategy; the controller chooses its own.",
        DefaultValueFactory = _ => 4,
    };

    private readonly Option<string[]> _phases = new("--phases")
    {
        Description = "Domains of the phases, the first one first; it returns at the end. Default: one that the draft model knows, two that it does not.",
        HelpName = "domains",
        AllowMultipleArgumentsPerToken = true,
    };

    public DemoOptionSet()
    {
        _requests.MustBe(n => n is null or (>= 1 and <= 10_000), "1 to 10000");
        _lookahead.MustBe(n => n is >= 1 and <= 16, "1 to 16");
        _phases.AcceptOnlyFromAmong([.. WorkloadCatalog.All.Select(workload => workload.Domain)]);
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_quick, _full, _requests, _maxTokens, _lookahead, _phases]) command.Add(option);
    }

    /// <summary>The plan that was asked for.</summary>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    public DemoPlan Read(ParseResult parsed)
    {
        bool full = parsed.GetValue(_full), quick = parsed.GetValue(_quick);
        if (full && quick) throw new UsageException("--quick and --full contradict each other; expected one of them");
        return new DemoPlan
        {
            Requests = parsed.GetValue(_requests) ?? (full ? DemoPlan.FullRequests : null),
            Duration = TimeSpan.FromSeconds(quick ? 36 : 165),
            MaxTokens = parsed.GetValue(_maxTokens),
            Lookahead = parsed.GetValue(_lookahead),
            Full = full,
        };
    }

    /// <summary>The traffic, from what the models were trained on.</summary>
    /// <exception cref="UsageException">There are too few domains.</exception>
    public DemoScenario Scenario(ParseResult parsed, ModelPair pair)
    {
        var seen = pair.DraftDirectory is { } draft ? TrainingRecord.Read(draft)?.Domains : null;
        try
        {
            return parsed.GetValue(_phases) is { Length: > 0 } domains ? DemoScenario.Of(domains, seen) : DemoScenario.Choose(Known(pair), seen);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{e.Message.Split(" (Parameter")[0]}; expected --phases with domains that {pair.TargetDirectory} knows");
        }
    }

    /// <summary>Domains that the target was trained on; without a record, those of the small pair.</summary>
    public static IReadOnlyList<string> Known(ModelPair pair) =>
        TrainingRecord.Read(pair.TargetDirectory)?.Domains ?? [.. WorkloadCatalog.Small.Select(workload => workload.Domain)];
}
