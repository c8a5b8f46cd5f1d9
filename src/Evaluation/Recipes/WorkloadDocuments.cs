using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Tokenization;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Prompt and completion tasks as training documents: prompt, completion, end token. Domains take turns; document i is item i / domains of
/// its domain. Prompt and completion are encoded apart, as they are when a prompt is completed.
/// </summary>
/// <param name="tokenizer">Vocabulary.</param>
/// <param name="workloads">Domains in equal shares.</param>
/// <param name="split">Training or evaluation items.</param>
/// <param name="seed">Chooses the stream of items.</param>
/// <param name="promptWeight">Weight of predicting a prompt token; that of a completion token is 1.</param>
public sealed class WorkloadDocuments(
    Tokenizer tokenizer, IReadOnlyList<IWorkload> workloads, Split split, ulong seed, float promptWeight) : IDocumentSource
{
    /// <summary>The token that ends every document.</summary>
    public const string EndToken = "<|end|>";

    private readonly int _end = tokenizer.TokenToId(EndToken)
        ?? throw new RecipeException($"the tokenizer has no token {EndToken}; expected one");

    /// <inheritdoc/>
    public TokenDocument Document(long index)
    {
        var workload = workloads[(int)(index % workloads.Count)];
        var item = workload.Item(split, seed, index / workloads.Count);
        int[] prompt = tokenizer.Encode(item.Prompt, addSpecialTokens: true);
        int[] completion = tokenizer.Encode(item.Completion, addSpecialTokens: false);
        return TokenDocument.Completion([.. prompt, .. completion, _end], prompt.Length, promptWeight);
    }
}
