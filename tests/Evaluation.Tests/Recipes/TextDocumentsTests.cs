using Atlas.Evaluation.Recipes;
using FsCheck;
using FsCheck.Fluent;

namespace Atlas.Evaluation.Tests.Recipes;

public sealed class TextDocumentsTests
{
    [Fact]
    public void Every_epoch_is_a_permutation_of_the_pieces() => Prop.ForAll(
        ArbMap.Default.ArbFor<ulong>(), Gen.Choose(2, 400).ToArbitrary(), Gen.Choose(2, 40).ToArbitrary(), (seed, count, length) =>
        {
            int[] tokens = [.. Enumerable.Range(0, count)];
            var documents = new TextDocuments(tokens, length, seed);
            for (int epoch = 0; epoch < 3; epoch++)
            {
                var pieces = Enumerable.Range(epoch * documents.Count, documents.Count).Select(i => documents.Document(i).Tokens)
                    .OrderBy(piece => piece[0]).ToList();
                int[] joined = [.. pieces.SelectMany(piece => piece)];
                // Only a single last token, which would predict nothing, may be left out.
                Assert.Equal(count % length == 1 ? tokens[..^1] : tokens, joined);
                Assert.All(pieces[..^1], piece => Assert.Equal(length, piece.Length));
                Assert.All(pieces, piece => Assert.InRange(piece.Length, 2, length));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Documents_are_the_same_whatever_order_they_are_asked_in() => Prop.ForAll(
        ArbMap.Default.ArbFor<ulong>(), Gen.Choose(2, 300).ToArbitrary(), (seed, count) =>
        {
            int[] tokens = [.. Enumerable.Range(0, count)];
            var inOrder = new TextDocuments(tokens, 7, seed);
            var atRandom = new TextDocuments(tokens, 7, seed);
            int[][] expected = [.. Enumerable.Range(0, 4 * inOrder.Count).Select(i => inOrder.Document(i).Tokens)];
            var random = new Random(count);
            for (int i = 0; i < 100; i++)
            {
                int index = random.Next(expected.Length);
                Assert.Equal(expected[index], atRandom.Document(index).Tokens);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Epochs_and_seeds_are_shuffled_differently()
    {
        int[] tokens = [.. Enumerable.Range(0, 1000)];
        int[] Order(ulong seed, int epoch)
        {
            var documents = new TextDocuments(tokens, 10, seed);
            return [.. Enumerable.Range(epoch * 100, 100).Select(i => documents.Document(i).Tokens[0])];
        }
        Assert.NotEqual(Order(1, 0), Order(1, 1));
        Assert.NotEqual(Order(1, 0), Order(2, 0));
        Assert.NotEqual(Order(1, 0).Order(), Order(1, 0));
    }

    [Fact]
    public void Every_token_counts_alike() =>
        Assert.All(new TextDocuments([1, 2, 3, 4, 5], 3, 1).Document(0).Weights, weight => Assert.Equal(1f, weight));

    [Fact]
    public void Too_little_text_and_pieces_that_predict_nothing_are_refused()
    {
        Assert.Contains("expected at least 2", Assert.Throws<RecipeException>(() => new TextDocuments([1], 16, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextDocuments([1, 2, 3], 1, 1));
    }
}
