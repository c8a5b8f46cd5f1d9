using Atlas.Core.Sampling;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Scoring;
using Atlas.Evaluation.Workloads;
using Atlas.Host.Models;

namespace Atlas.Host.Demo;

/// <summary>Held-out prompts of each domain, one after the other: none comes twice, also when a domain returns.</summary>
/// <param name="pair">Whose vocabulary encodes them.</param>
/// <param name="sampling">How completions are drawn; every request has a seed of its own.</param>
/// <param name="maxTokens">Most tokens emitted per request.</param>
internal sealed class DemoRequests(ModelPair pair, SamplingOptions sampling, int maxTokens)
{
    private const int RandomPromptTokens = 32;

    private readonly PromptEncoding _encoding = pair.Encoding(maxTokens);
    private readonly Dictionary<string, int> _drawn = [];
    private readonly Random _random = new((int)sampling.Seed + 1);
    private ulong _requests;

    /// <summary>Most tokens emitted per request.</summary>
    public int MaxTokens => maxTokens;

    /// <summary>The next request of a domain.</summary>
    public EvaluationRequest Next(string domain)
    {
        int index = _drawn.GetValueOrDefault(domain);
        _drawn[domain] = index + 1;
        var own = sampling with { Seed = sampling.Seed + _requests++ };
        return HeldOutPrompt.At(WorkloadCatalog.Get(domain), HeldOutPrompt.DefaultSeed, index, _encoding, own).Request;
    }

    /// <summary>A request that nothing can predict: a prompt of random tokens, completed at a temperature above 1.</summary>
    public EvaluationRequest Unpredictable()
    {
        int[] prompt = [.. Enumerable.Range(0, RandomPromptTokens).Select(_ => _random.Next(pair.Config.VocabularySize))];
        var own = new SamplingOptions { Temperature = 1.3f, Seed = sampling.Seed + _requests++ };
        return new EvaluationRequest("unpredictable", prompt, own, Math.Min(maxTokens, pair.Config.ContextLength - RandomPromptTokens));
    }
}
