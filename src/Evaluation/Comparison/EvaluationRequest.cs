using Atlas.Core.Decoding;
using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Comparison;

/// <summary>One request that every strategy decodes.</summary>
/// <param name="Domain">Group it is reported under.</param>
/// <param name="Prompt">Prompt tokens.</param>
/// <param name="Sampling">How tokens are drawn; the seed belongs to the request, so all strategies draw the same.</param>
/// <param name="MaxTokens">Most tokens emitted.</param>
/// <param name="Accepts">Whether an output, end token left out, is a right answer; null where there is none to check.</param>
public sealed record EvaluationRequest(
    string Domain, int[] Prompt, SamplingOptions Sampling, int MaxTokens, Func<ReadOnlyMemory<int>, bool>? Accepts = null)
{
    /// <summary>Whose traffic it is: speculators learn from it for this namespace only.</summary>
    public string Namespace { get; init; } = DecodeSequence.DefaultNamespace;

    /// <summary>What its sender asks of the service.</summary>
    public RequestClass Class { get; init; }

    /// <summary>A sequence that decodes it.</summary>
    /// <param name="id">Distinct among those of the strategy.</param>
    /// <param name="strategy">Who decodes it.</param>
    /// <param name="endTokens">Ids that end it.</param>
    internal DecodeSequence Open(long id, Strategy strategy, IReadOnlyList<int> endTokens) =>
        new(id, Prompt, Sampling, new StopRules(MaxTokens, endTokens), strategy.DraftCapacity) { Namespace = Namespace, Class = Class };
}
