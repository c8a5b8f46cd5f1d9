using Atlas.Core.Sampling;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Scoring;
using Atlas.Evaluation.Workloads;
using Atlas.Host.Models;

namespace Atlas.Host.Demo;

/// <summary>Held-out prompts of the domains that the target was trained on, one domain after the other.</summary>
internal static class DemoRequests
{
    public static IReadOnlyList<EvaluationRequest> Create(ModelPair pair, SamplingOptions sampling, int perDomain, int maxTokens)
    {
        var encoding = pair.Encoding(maxTokens);
        // A model without a record of its training is asked for what the small pair knows.
        var domains = TrainingRecord.Read(pair.TargetDirectory)?.Domains.Select(WorkloadCatalog.Get) ?? WorkloadCatalog.Small;
        return [.. domains.SelectMany((workload, domain) => HeldOutPrompt.Draw(
            workload, HeldOutPrompt.DefaultSeed, perDomain, encoding, sampling with { Seed = sampling.Seed + (ulong)(domain * perDomain) }))
            .Select(prompt => prompt.Request)];
    }
}
