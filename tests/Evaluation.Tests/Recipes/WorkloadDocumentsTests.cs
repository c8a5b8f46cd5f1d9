using Atlas.Evaluation.Recipes;
using Atlas.Evaluation.Workloads;

namespace Atlas.Evaluation.Tests.Recipes;

public sealed class WorkloadDocumentsTests
{
    private static readonly IReadOnlyList<IWorkload> Workloads = [.. WorkloadCatalog.Small.Take(3)];

    [Fact]
    public void A_document_is_prompt_completion_and_end_token_of_the_domain_whose_turn_it_is()
    {
        var documents = Documents(Split.Training, 3, 0.25f);
        for (int i = 0; i < 60; i++)
        {
            var item = Workloads[i % 3].Item(Split.Training, 3, i / 3);
            var document = documents.Document(i);
            Assert.Equal(TestVocabulary.End, document.Tokens[^1]);
            Assert.DoesNotContain(TestVocabulary.End, document.Tokens[..^1]);
            Assert.Equal(item.Prompt + item.Completion, TestVocabulary.Tokenizer.Decode(document.Tokens, skipSpecialTokens: true));
        }
    }

    [Fact]
    public void Prompt_tokens_weigh_what_was_asked_and_completion_and_end_token_weigh_one()
    {
        var documents = Documents(Split.Training, 3, 0.25f);
        for (int i = 0; i < 30; i++)
        {
            var item = Workloads[i % 3].Item(Split.Training, 3, i / 3);
            int[] prompt = TestVocabulary.Tokenizer.Encode(item.Prompt, addSpecialTokens: true);
            var document = documents.Document(i);
            Assert.Equal(prompt, document.Tokens[..prompt.Length]);
            Assert.Equal(document.Tokens.Length, document.Weights.Length);
            Assert.All(document.Weights[..prompt.Length], weight => Assert.Equal(0.25f, weight));
            Assert.All(document.Weights[prompt.Length..], weight => Assert.Equal(1f, weight));
        }
    }

    [Fact]
    public void Documents_do_not_depend_on_the_order_they_are_asked_in()
    {
        var forwards = Documents(Split.Training, 5, 0.5f);
        var backwards = Documents(Split.Training, 5, 0.5f);
        int[][] expected = [.. Enumerable.Range(0, 50).Select(i => forwards.Document(i).Tokens)];
        for (int i = 49; i >= 0; i--) Assert.Equal(expected[i], backwards.Document(i).Tokens);
    }

    [Fact]
    public void Split_and_seed_choose_other_documents()
    {
        int[][] Tokens(Split split, ulong seed) => [.. Enumerable.Range(0, 30).Select(i => Documents(split, seed, 0f).Document(i).Tokens)];
        var training = Tokens(Split.Training, 1);
        Assert.All(Tokens(Split.Evaluation, 1), held => Assert.DoesNotContain(training, own => own.AsSpan().SequenceEqual(held)));
        Assert.NotEqual(training, Tokens(Split.Training, 2));
    }

    [Fact]
    public void A_tokenizer_without_the_end_token_is_refused_by_name()
    {
        var tokenizer = TestVocabulary.Learn("<|other|>").ToTokenizer();
        var fault = Assert.Throws<RecipeException>(() => new WorkloadDocuments(tokenizer, Workloads, Split.Training, 1, 1f));
        Assert.Contains("<|end|>", fault.Message, StringComparison.Ordinal);
    }

    private static WorkloadDocuments Documents(Split split, ulong seed, float promptWeight) =>
        new WorkloadDocuments(TestVocabulary.Tokenizer, Workloads, split, seed, promptWeight);
}
