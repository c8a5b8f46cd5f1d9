using Atlas.Core.Sampling;

namespace Atlas.Evaluation.Comparison;

/// <summary>One request that every strategy decodes.</summary>
/// <param name="Domain">Group it is reported under.</param>
/// <param name="Prompt">Prompt tokens.</param>
/// <param name="Sampling">How tokens are drawn; the seed belongs to the request, so all strategies draw the same.</param>
/// <param name="MaxTokens">Most tokens emitted.</param>
/// <param name="Accepts">Whether an output, end token left out, is a right answer; null where there is none to check.</param>
public sealed record EvaluationRequest(
    string Domain, int[] Prompt, SamplingOptions Sampling, int MaxTokens, Func<ReadOnlyMemory<int>, bool>? Accepts = null);
