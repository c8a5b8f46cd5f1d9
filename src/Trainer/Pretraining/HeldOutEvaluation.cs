using Atlas.Modeling.Training;

namespace Atlas.Trainer.Pretraining;

/// <summary>Measures a decoder on the first documents of every held-out set, as many of each.</summary>
internal sealed class HeldOutEvaluation(IReadOnlyList<HeldOutSet> sets, PretrainingOptions options)
{
    /// <summary>The losses under the decoder's present weights; null without any set.</summary>
    public HeldOutLosses? Measure(ITrainableDecoder decoder)
    {
        if (sets.Count == 0) return null;
        double allLoss = 0, allWeight = 0;
        var losses = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var set in sets)
        {
            var (loss, weight) = Sum(decoder, set.Documents);
            losses.Add(set.Name, loss / weight);
            allLoss += loss;
            allWeight += weight;
        }
        return new HeldOutLosses(allLoss / allWeight, losses);
    }

    private (double Loss, double Weight) Sum(ITrainableDecoder decoder, IDocumentSource documents)
    {
        int count = (options.EvaluationDocuments + sets.Count - 1) / sets.Count;
        var packer = new SequencePacker(documents, options.SequenceLength);
        var sequences = new List<WeightedBatch>();
        while (packer.Cursor.Document < count) sequences.AddRange(packer.Next(1));
        double loss = 0, weight = 0;
        var logProbs = Array.Empty<float>();
        foreach (var batch in SequencePacker.Join(sequences, options.MicroBatchTokens))
        {
            if (logProbs.Length < batch.Batch.Positions) logProbs = new float[batch.Batch.Positions];
            decoder.LogProbs(batch.Batch, logProbs.AsSpan(0, batch.Batch.Positions));
            for (int i = 0; i < batch.Batch.Positions; i++) loss -= batch.Weights[i] * (double)logProbs[i];
            weight += batch.TotalWeight;
        }
        return (loss, weight);
    }
}
