using Atlas.Modeling.Training;

namespace Atlas.Trainer.Pretraining;

/// <summary>
/// Cuts documents into sequences and packs whole sequences into batches. Every document is a sequence of its own (or several, where it is
/// too long), so nothing attends across documents. Where the next batch begins is one <see cref="Cursor"/>.
/// </summary>
internal sealed class SequencePacker(IDocumentSource source, int sequenceLength)
{
    private const int SearchLimit = 10_000;

    private TokenDocument? _document;
    private long _documentIndex = -1;

    /// <summary>Where the next sequence begins.</summary>
    public DocumentCursor Cursor { get; set; }

    /// <summary>Sequences until the next one would exceed <paramref name="positions"/>; at least one, and at least one target.</summary>
    /// <exception cref="InvalidDataException">A document is malformed, or no document has a target.</exception>
    public IReadOnlyList<WeightedBatch> Next(int positions)
    {
        var sequences = new List<WeightedBatch>();
        int used = 0, skipped = 0;
        while (true)
        {
            var document = Current();
            int length = Math.Min(sequenceLength, document.Tokens.Length - 1 - Cursor.Offset);
            if (sequences.Count > 0 && used + length > positions) return sequences;
            var sequence = Cut(document, Cursor.Offset, length);
            int end = Cursor.Offset + length;
            Cursor = end == document.Tokens.Length - 1 ? new DocumentCursor(Cursor.Document + 1, 0) : Cursor with { Offset = end };
            if (sequence.TotalWeight == 0)
            {
                if (++skipped == SearchLimit)
                    throw new InvalidDataException($"{SearchLimit} sequences before document {Cursor.Document} have no token of positive weight");
                continue;
            }
            sequences.Add(sequence);
            used += length;
        }
    }

    /// <summary>Joins sequences into batches of at most <paramref name="positions"/> each, in order.</summary>
    public static IEnumerable<WeightedBatch> Join(IReadOnlyList<WeightedBatch> sequences, int positions)
    {
        var group = new List<WeightedBatch>();
        int used = 0;
        foreach (var sequence in sequences)
        {
            if (group.Count > 0 && used + sequence.Batch.Positions > positions)
            {
                yield return Concatenate(group);
                group.Clear();
                used = 0;
            }
            group.Add(sequence);
            used += sequence.Batch.Positions;
        }
        if (group.Count > 0) yield return Concatenate(group);
    }

    private static WeightedBatch Concatenate(List<WeightedBatch> group) => new(
        new TokenBatch(
            [.. group.SelectMany(s => s.Batch.Lengths)],
            [.. group.SelectMany(s => s.Batch.Tokens)],
            [.. group.SelectMany(s => s.Batch.Targets)]),
        [.. group.SelectMany(s => s.Weights)]);

    private static WeightedBatch Cut(TokenDocument document, int offset, int length)
    {
        int[] targets = document.Tokens[(offset + 1)..(offset + 1 + length)];
        float[] weights = document.Weights[(offset + 1)..(offset + 1 + length)];
        for (int i = 0; i < length; i++)
            if (weights[i] == 0)
                targets[i] = -1;
        return new WeightedBatch(new TokenBatch([length], document.Tokens[offset..(offset + length)], targets), weights);
    }

    private TokenDocument Current()
    {
        if (_document != null && _documentIndex == Cursor.Document) return _document;
        var document = source.Document(Cursor.Document);
        if (document.Tokens.Length < 2)
            throw new InvalidDataException($"document {Cursor.Document} has {document.Tokens.Length} tokens, expected at least 2");
        if (document.Weights.Length != document.Tokens.Length)
            throw new InvalidDataException($"document {Cursor.Document} has {document.Weights.Length} weights for {document.Tokens.Length} tokens");
        foreach (float weight in document.Weights)
            if (!float.IsFinite(weight) || weight < 0)
                throw new InvalidDataException($"document {Cursor.Document} has weight {weight}, expected 0 or more");
        _document = document;
        _documentIndex = Cursor.Document;
        return document;
    }
}
