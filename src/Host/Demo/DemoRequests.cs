using Atlas.Core.Sampling;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Workloads;
using Atlas.Host.CommandLine;
using Atlas.Host.Models;

namespace Atlas.Host.Demo;

/// <summary>Held-out prompts of the domains that the shipped pair was trained on, one domain after the other.</summary>
internal static class DemoRequests
{
    private const ulong Seed = 20_261_121;

    public static IReadOnlyList<EvaluationRequest> Create(ModelPair pair, SamplingOptions sampling, int perDomain, int maxTokens)
    {
        var requests = new List<EvaluationRequest>();
        foreach (var workload in WorkloadCatalog.Small)
            for (int i = 0; i < perDomain; i++)
                requests.Add(Create(pair, workload, i, sampling with { Seed = sampling.Seed + (ulong)requests.Count }, maxTokens));
        return requests;
    }

    private static EvaluationRequest Create(ModelPair pair, IWorkload workload, int index, SamplingOptions sampling, int maxTokens)
    {
        var item = workload.Item(Split.Evaluation, Seed, index);
        var tokenizer = pair.RequireTokenizer();
        int[] prompt = tokenizer.Encode(item.Prompt, addSpecialTokens: true);
        int limit = Math.Min(maxTokens, pair.Config.ContextLength - prompt.Length);
        if (limit < 1)
            throw new UsageException(
                $"prompt {index} of {workload.Domain} has {prompt.Length} tokens; expected fewer than the context of {pair.TargetDirectory}, {pair.Config.ContextLength}");
        Func<ReadOnlyMemory<int>, bool>? accepts = workload.SingleAnswer
            ? answer => item.Accepts(tokenizer.Decode(answer.Span, skipSpecialTokens: true))
            : null;
        return new EvaluationRequest(workload.Domain, prompt, sampling, limit, accepts);
    }
}
