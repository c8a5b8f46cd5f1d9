using Atlas.Core.Sampling;
using Atlas.Evaluation.Comparison;
using Atlas.Evaluation.Workloads;
using Atlas.Modeling;
using Atlas.Modeling.Tokenization;

namespace Atlas.Evaluation.Scoring;

/// <summary>A task of the evaluation split, encoded: never anything that a model was trained on.</summary>
/// <param name="Item">The task.</param>
/// <param name="Prompt">Its prompt.</param>
/// <param name="Completion">The expected completion with the end token, where there is one.</param>
/// <param name="Request">The request to complete it.</param>
public sealed record HeldOutPrompt(WorkloadItem Item, int[] Prompt, int[] Completion, EvaluationRequest Request)
{
    /// <summary>Seed of the stream that tests, demonstration and model card draw from unless they are asked for another.</summary>
    public const ulong DefaultSeed = 20_261_121;

    /// <summary>Draws the first tasks of a domain.</summary>
    /// <param name="workload">The domain.</param>
    /// <param name="seed">The stream.</param>
    /// <param name="count">How many.</param>
    /// <param name="encoding">How they become tokens.</param>
    /// <param name="sampling">How completions are drawn; every task adds its index to the seed.</param>
    /// <exception cref="CheckpointException">A prompt does not fit the context.</exception>
    public static IReadOnlyList<HeldOutPrompt> Draw(IWorkload workload, ulong seed, int count, PromptEncoding encoding, SamplingOptions sampling) =>
        [.. Enumerable.Range(0, count).Select(i => At(workload, seed, i, encoding, sampling with { Seed = sampling.Seed + (ulong)i }))];

    /// <summary>Draws one task of a domain.</summary>
    /// <param name="workload">The domain.</param>
    /// <param name="seed">The stream.</param>
    /// <param name="index">Its place in the stream.</param>
    /// <param name="encoding">How it becomes tokens.</param>
    /// <param name="sampling">How its completion is drawn.</param>
    /// <exception cref="CheckpointException">The prompt does not fit the context.</exception>
    public static HeldOutPrompt At(IWorkload workload, ulong seed, int index, PromptEncoding encoding, SamplingOptions sampling)
    {
        var item = workload.Item(Split.Evaluation, seed, index);
        var tokenizer = encoding.Tokenizer;
        int[] prompt = tokenizer.Encode(item.Prompt, addSpecialTokens: true);
        int limit = Math.Min(encoding.MaxTokens, encoding.ContextLength - prompt.Length);
        if (limit < 1)
            throw new CheckpointException(
                $"prompt {index} of {workload.Domain} has {prompt.Length} tokens; expected fewer than the context of {encoding.Model}, {encoding.ContextLength}");
        int[] completion = tokenizer.Encode(item.Completion, addSpecialTokens: false);
        if (encoding.EndToken is { } end) completion = [.. completion, end];
        Func<ReadOnlyMemory<int>, bool>? accepts = workload.SingleAnswer
            ? answer => item.Accepts(tokenizer.Decode(answer.Span, skipSpecialTokens: true))
            : null;
        return new HeldOutPrompt(item, prompt, completion, new EvaluationRequest(workload.Domain, prompt, sampling, limit, accepts));
    }
}
