using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Text;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Recipes;

public sealed class CorpusDocumentsTests
{
    private static readonly CorpusDocument[] Pieces =
        [.. Enumerable.Range(0, 40).Select(i => new CorpusDocument($"piece {i} of a text\n", EndsFile: i % 4 == 3))];

    [Fact]
    public void Every_epoch_has_every_piece_once_in_another_order()
    {
        var documents = new CorpusDocuments(TestVocabulary.Tokenizer, Pieces, 0.5f, 3);
        string[] Epoch(int epoch) => [.. Enumerable.Range(0, 40).Select(i => Text(documents.Document(epoch * 40 + i).Tokens))];
        string[] first = Epoch(0), second = Epoch(1);
        Assert.Equal(Pieces.Select(piece => piece.Text).Order(), first.Order());
        Assert.Equal(first.Order(), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(first, Epoch(0));
    }

    [Fact]
    public void An_end_token_stands_where_a_file_ends_and_all_tokens_weigh_alike()
    {
        var documents = new CorpusDocuments(TestVocabulary.Tokenizer, Pieces, 0.5f, 3);
        for (int i = 0; i < 40; i++)
        {
            var document = documents.Document(i);
            bool ends = Pieces.Single(piece => piece.Text == Text(document.Tokens)).EndsFile;
            Assert.Equal(ends, document.Tokens[^1] == TestVocabulary.End);
            Assert.All(document.Weights, weight => Assert.Equal(0.5f, weight));
            Assert.Equal(document.Tokens.Length, document.Weights.Length);
        }
    }

    [Fact]
    public void Without_documents_it_is_refused() =>
        Assert.Throws<RecipeException>(() => new CorpusDocuments(TestVocabulary.Tokenizer, [], 1f, 1));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void A_mixture_has_the_share_of_tokens_and_all_documents_of_both_in_order(double share)
    {
        var tasks = new WorkloadDocuments(TestVocabulary.Tokenizer, WorkloadCatalog.Small, Split.Training, 1, 0f);
        var text = new CorpusDocuments(TestVocabulary.Tokenizer, Pieces, 0.25f, 3);
        var mixed = new MixedDocuments(tasks, text, share);
        long taken = 0, of = 0, tokens = 0, ofText = 0;
        for (int i = 0; i < 3000; i++)
        {
            var document = mixed.Document(i);
            bool isText = document.Weights[0] == 0.25f;
            var expected = isText ? text.Document(of++) : tasks.Document(taken++);
            Assert.Equal(expected.Tokens, document.Tokens);
            tokens += document.Tokens.Length;
            if (isText) ofText += document.Tokens.Length;
        }
        Assert.InRange((double)ofText / tokens, share * 0.93, share * 1.07);
    }

    [Fact]
    public void A_domain_that_is_named_twice_has_two_turns_and_loses_no_item()
    {
        IWorkload often = WorkloadCatalog.Small[0], seldom = WorkloadCatalog.Small[1];
        var documents = new WorkloadDocuments(TestVocabulary.Tokenizer, [often, seldom, often], Split.Training, 1, 0f);
        (IWorkload Workload, int Item)[] expected = [(often, 0), (seldom, 0), (often, 1), (often, 2), (seldom, 1), (often, 3)];
        for (int i = 0; i < expected.Length; i++)
        {
            var item = expected[i].Workload.Item(Split.Training, 1, expected[i].Item);
            Assert.Equal(item.Prompt + item.Completion, Text(documents.Document(i).Tokens));
        }
    }

    private static string Text(int[] tokens) => TestVocabulary.Tokenizer.Decode(tokens, skipSpecialTokens: true);
}
