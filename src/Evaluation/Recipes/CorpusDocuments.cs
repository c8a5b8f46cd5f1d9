using Atlas.Evaluation.Text;
using Atlas.Modeling.Tokenization;
using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Real text as training documents, in an order that is shuffled anew in every epoch. Where a document ends its file an end token follows it.
/// </summary>
public sealed class CorpusDocuments : IDocumentSource
{
    private readonly Tokenizer _tokenizer;
    private readonly IReadOnlyList<CorpusDocument> _documents;
    private readonly float _weight;
    private readonly int _end;
    private readonly EpochOrder _order;

    /// <summary>Documents of a corpus.</summary>
    /// <param name="tokenizer">Vocabulary, with the end token of <see cref="WorkloadDocuments"/>.</param>
    /// <param name="documents">At least one.</param>
    /// <param name="weight">Weight of predicting a token; that of a workload's completion is 1.</param>
    /// <param name="seed">Keys the order.</param>
    /// <exception cref="RecipeException">There is no document, or the vocabulary has no end token.</exception>
    public CorpusDocuments(Tokenizer tokenizer, IReadOnlyList<CorpusDocument> documents, float weight, ulong seed)
    {
        _tokenizer = tokenizer;
        _documents = documents;
        if (documents.Count == 0) throw new RecipeException("the corpus has no document; expected more text");
        _weight = weight;
        _end = WorkloadDocuments.EndOf(tokenizer);
        _order = new EpochOrder(_documents.Count, seed);
    }

    /// <summary>Documents per epoch.</summary>
    public int Count => _order.Count;

    /// <inheritdoc/>
    public TokenDocument Document(long index)
    {
        var document = _documents[_order.At(index)];
        int[] text = _tokenizer.Encode(document.Text, addSpecialTokens: true);
        // A text of one token is given its end too, so that there is something to predict.
        int[] tokens = document.EndsFile || text.Length < 2 ? [.. text, _end] : text;
        var weights = new float[tokens.Length];
        Array.Fill(weights, _weight);
        return new TokenDocument(tokens, weights);
    }
}
