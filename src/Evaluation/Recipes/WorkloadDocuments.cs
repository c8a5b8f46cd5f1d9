using Atlas.Evaluation.Workloads;
using Atlas.Modeling.Tokenization;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Prompt and completion tasks as training documents: prompt, completion, end token. Domains take turns, and every domain's items come in
/// their order, from the first on. Prompt and completion are encoded apart, as they are when a prompt is completed.
/// </summary>
/// <param name="tokenizer">Vocabulary.</param>
/// <param name="workloads">Domains in the order of their turns; one that stands there twice has twice the documents.</param>
/// <param name="split">Training or evaluation items.</param>
/// <param name="seed">Chooses the stream of items.</param>
/// <param name="promptWeight">Weight of predicting a prompt token; that of a completion token is 1.</param>
/// <param name="surpriseWeight">Weight of a completion token that copying on would get wrong, see <see cref="CopySurprises"/>.</param>
public sealed class WorkloadDocuments(
    Tokenizer tokenizer, IReadOnlyList<IWorkload> workloads, Split split, ulong seed, float promptWeight, float surpriseWeight = 1f) : IDocumentSource
{
    /// <summary>The token that ends every document.</summary>
    public const string EndToken = "<|end|>";

    private readonly int _end = EndOf(tokenizer);
    private readonly (int Earlier, int All)[] _turns =
        [.. workloads.Select((workload, turn) => (workloads.Take(turn).Count(w => w == workload), workloads.Count(w => w == workload)))];

    /// <inheritdoc/>
    public TokenDocument Document(long index)
    {
        int turn = (int)(index % workloads.Count);
        var (earlier, all) = _turns[turn];
        var item = workloads[turn].Item(split, seed, index / workloads.Count * all + earlier);
        int[] prompt = tokenizer.Encode(item.Prompt, addSpecialTokens: true);
        int[] completion = tokenizer.Encode(item.Completion, addSpecialTokens: false);
        var document = TokenDocument.Completion([.. prompt, .. completion, _end], prompt.Length, promptWeight);
        if (surpriseWeight != 1f) CopySurprises.Weigh(document.Tokens, document.Weights, prompt.Length, surpriseWeight);
        return document;
    }

    /// <summary>The id of the end token.</summary>
    /// <exception cref="RecipeException">The vocabulary has none.</exception>
    internal static int EndOf(Tokenizer tokenizer) =>
        tokenizer.TokenToId(EndToken) ?? throw new RecipeException($"the tokenizer has no token {EndToken}; expected one");
}
