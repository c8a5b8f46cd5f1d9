using System.Diagnostics;
using Atlas.Core.Drafting;
using Atlas.Core.Sampling;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scoring;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;
using Atlas.Host.Speculation;
using Atlas.Modeling.Engine;

namespace Atlas.Host.Evaluate;

/// <summary>Evaluates a loaded pair domain by domain, with a line after each.</summary>
internal static class EvaluationRun
{
    public static ModelCard Run(IComputeEngine engine, ModelPair pair, EvaluationPlan plan, IReadOnlyList<string>? seenByDraft)
    {
        var tokenizer = pair.RequireTokenizer();
        var encoding = pair.Encoding(plan.MaxTokens);
        var builder = new ModelCardBuilder(
            new CompletionScoring(pair.Target, pair.Draft, plan.Batch), pair.HasDraft ? Comparison(engine, pair, plan.Lookahead) : null, seenByDraft);
        var clock = Stopwatch.StartNew();
        foreach (var workload in plan.Workloads)
        {
            var sampling = SamplingOptions.Greedy with { Seed = plan.Seed };
            var prompts = HeldOutPrompt.Draw(workload, plan.Seed, plan.Requests, encoding, sampling);
            var row = builder.Add(workload.Domain, prompts, plan.Timed, tokens => tokenizer.Decode(tokens.Span, skipSpecialTokens: true));
            var figures = CardFigure.All.Where(f => f.Text(row).Length > 0).Select(f => $"{f.Header} {f.Text(row)}");
            Console.WriteLine($"[{clock.Elapsed:h\\:mm\\:ss}] {workload.Domain}: {string.Join(", ", figures)}");
        }
        return builder.Build();
    }

    // Neither of the two holds anything that would have to be freed.
    private static StrategyComparison Comparison(IComputeEngine engine, ModelPair pair, int lookahead)
    {
        var stacks = new StackFactory(engine, pair);
        var plain = stacks.Create(new SpeculationChoice(StrategyNames.None, DraftBudget.None));
        var drafting = stacks.Create(new SpeculationChoice(StrategyNames.Static, DraftBudget.Chain(lookahead)));
        return new StrategyComparison([plain.AsStrategy("plain"), drafting.AsStrategy(ModelCardBuilder.Static)], pair.Config.EndTokens);
    }
}
