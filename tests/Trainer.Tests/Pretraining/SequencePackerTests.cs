using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

public sealed class SequencePackerTests
{
    [Fact]
    public void Every_prediction_of_every_document_comes_once_and_in_order()
    {
        var source = new PatternDocuments(3, 50);
        var packer = new SequencePacker(source, 17);
        var predictions = new List<(int Input, int Target, float Weight)>();
        while (packer.Cursor.Document < 40)
        {
            var sequences = packer.Next(64);
            Assert.True(sequences.Sum(s => s.Batch.Positions) <= 64);
            foreach (var sequence in sequences)
            {
                Assert.Equal([sequence.Batch.Positions], sequence.Batch.Lengths);
                Assert.True(sequence.Batch.Positions <= 17);
                for (int i = 0; i < sequence.Batch.Positions; i++)
                    predictions.Add((sequence.Batch.Tokens[i], sequence.Batch.Targets[i], sequence.Weights[i]));
            }
        }
        var expected = new List<(int, int, float)>();
        for (int d = 0; expected.Count < predictions.Count; d++)
        {
            var document = source.Document(d);
            for (int i = 1; i < document.Tokens.Length; i++) expected.Add((document.Tokens[i - 1], document.Tokens[i], document.Weights[i]));
        }
        Assert.Equal(expected.Take(predictions.Count), predictions);
    }

    [Fact]
    public void A_packer_set_to_a_cursor_goes_on_as_the_first_one_does()
    {
        var first = new SequencePacker(new PatternDocuments(3, 50), 9);
        for (int i = 0; i < 5; i++) first.Next(40);
        var second = new SequencePacker(new PatternDocuments(3, 50), 9) { Cursor = first.Cursor };
        Assert.NotEqual(0, first.Cursor.Document);
        for (int i = 0; i < 5; i++)
            Assert.Equal(first.Next(40).SelectMany(s => s.Batch.Tokens), second.Next(40).SelectMany(s => s.Batch.Tokens));
    }

    [Fact]
    public void Joined_batches_hold_the_same_sequences()
    {
        var sequences = new SequencePacker(new PatternDocuments(4, 50), 20).Next(200);
        var joined = SequencePacker.Join(sequences, 50).ToList();
        Assert.True(joined.Count >= 4);
        Assert.All(joined, b => Assert.True(b.Batch.Positions <= 50));
        Assert.All(joined, b => Assert.Equal(b.Batch.Positions, b.Batch.Lengths.Sum()));
        Assert.Equal(sequences.SelectMany(s => s.Batch.Lengths), joined.SelectMany(b => b.Batch.Lengths));
        Assert.Equal(sequences.SelectMany(s => s.Batch.Targets), joined.SelectMany(b => b.Batch.Targets));
        Assert.Equal(sequences.SelectMany(s => s.Weights), joined.SelectMany(b => b.Weights));
    }

    [Fact]
    public void Tokens_of_weight_zero_are_no_targets_and_sequences_without_targets_are_left_out()
    {
        var source = new ListedDocuments(
            TokenDocument.Completion([1, 2, 3, 4, 5, 6], 4, 0), new TokenDocument([7, 8], [1, 0]), TokenDocument.Text([9, 1]));
        var sequences = new SequencePacker(source, 3).Next(100);
        Assert.Equal(new int[][] { [4, 5], [9] }, sequences.Take(2).Select(s => s.Batch.Tokens));
        Assert.Equal([5, 6], sequences[0].Batch.Targets);
        sequences = new SequencePacker(source, 4).Next(100);
        Assert.Equal([-1, -1, -1, 5], sequences[0].Batch.Targets);
        Assert.Equal([6], sequences[1].Batch.Targets);
    }

    [Fact]
    public void Malformed_documents_and_streams_without_targets_are_refused()
    {
        Refused(new TokenDocument([1], [1]), "document 0 has 1 tokens");
        Refused(new TokenDocument([1, 2], [1]), "document 0 has 1 weights for 2 tokens");
        Refused(new TokenDocument([1, 2], [1, float.NaN]), "document 0 has weight NaN");
        Refused(new TokenDocument([1, 2], [1, -1]), "document 0 has weight -1");
        Refused(new TokenDocument([1, 2], [1, 0]), "no token of positive weight");
    }

    private static void Refused(TokenDocument document, string message)
    {
        var exception = Assert.Throws<InvalidDataException>(() => new SequencePacker(new ListedDocuments(document), 8).Next(8));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    private sealed class ListedDocuments(params TokenDocument[] documents) : IDocumentSource
    {
        public TokenDocument Document(long index) => documents[index % documents.Length];
    }
}
