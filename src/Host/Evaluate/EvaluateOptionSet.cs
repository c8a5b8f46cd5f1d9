using System.CommandLine;
using Atlas.Evaluation.Scoring;
using Atlas.Evaluation.Workloads;
using Atlas.Host.CommandLine;

namespace Atlas.Host.Evaluate;

/// <summary>The options that say which held-out tasks a pair is judged by.</summary>
internal sealed class EvaluateOptionSet
{
    private readonly Option<string[]> _domains = new("--domains")
    {
        Description = "Domains to evaluate. Default: those that the target was trained on, as its training.json says; all without that file.",
        HelpName = "names",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _requests = WholeNumber.Option("--requests", 40, 1, "Held-out tasks per domain.");
    private readonly Option<int> _timed = WholeNumber.Option("--timed", 12, 1, "How many of them are also decoded in turns with and without the draft model.");
    private readonly Option<int> _maxTokens = WholeNumber.Option("--max-tokens", 384, 1, "Most tokens of a completion.");
    private readonly Option<int> _lookahead = WholeNumber.Option("--lookahead", 4, 1, "Draft tokens per step of static speculation.");

    private readonly Option<int> _batch = new("--batch")
    {
        Description = "Tasks completed at once where nothing is timed.",
        DefaultValueFactory = _ => 8,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Which stream of tasks, and the noise of sampled completions.",
        DefaultValueFactory = _ => HeldOutPrompt.DefaultSeed,
    };

    public EvaluateOptionSet()
    {
        _domains.AcceptOnlyFromAmong([.. WorkloadCatalog.All.Select(workload => workload.Domain)]);
        _batch.MustBe(n => n is >= 1 and <= 32, "1 to 32");
        _lookahead.MustBe(n => n is >= 1 and <= 64, "1 to 64");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_domains, _requests, _timed, _maxTokens, _lookahead, _batch, _seed]) command.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="trained">Domains that the target was trained on; null where that is not known.</param>
    public EvaluationPlan Read(ParseResult parsed, IReadOnlyList<string>? trained)
    {
        var domains = parsed.GetValue(_domains) is { Length: > 0 } chosen ? chosen : trained;
        return new EvaluationPlan
        {
            Workloads = domains is null ? WorkloadCatalog.All : [.. domains.Distinct().Select(WorkloadCatalog.Get)],
            Requests = parsed.GetValue(_requests),
            Timed = parsed.GetValue(_timed),
            MaxTokens = parsed.GetValue(_maxTokens),
            Lookahead = parsed.GetValue(_lookahead),
            Batch = parsed.GetValue(_batch),
            Seed = parsed.GetValue(_seed),
        };
    }
}
