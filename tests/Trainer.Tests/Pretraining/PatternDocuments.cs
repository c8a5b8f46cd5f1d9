using Atlas.Trainer.Pretraining;

namespace Atlas.Trainer.Tests.Pretraining;

/// <summary>Documents that repeat a short pattern: learnable, and a function of seed and index.</summary>
public sealed class PatternDocuments(int seed, int vocabulary) : IDocumentSource
{
    public TokenDocument Document(long index)
    {
        var random = new Random(seed * 1000003 + (int)index);
        int period = random.Next(2, 5), length = random.Next(5, 60);
        var pattern = new int[period];
        for (int i = 0; i < period; i++) pattern[i] = random.Next(vocabulary);
        return TokenDocument.Completion([.. Enumerable.Range(0, length).Select(i => pattern[i % period])], period, 0.25f);
    }
}
