using Atlas.Modeling.Engine;

namespace Atlas.Evaluation.Benchmarks;

/// <summary>The tokens that are measured with where it does not matter which they are, and caches filled with them.</summary>
public static class BenchmarkRows
{
    /// <summary>The first tokens of a text; the same for all.</summary>
    /// <param name="count">How many.</param>
    /// <param name="vocabularySize">Ids there are.</param>
    public static int[] Tokens(int count, int vocabularySize) => [.. Enumerable.Range(0, count).Select(i => Token(i, vocabularySize))];

    /// <summary>Adds a chain of these tokens behind a sequence to a plan.</summary>
    /// <param name="plan">To be computed.</param>
    /// <param name="sequence">Whose cache it follows.</param>
    /// <param name="rows">Tokens of the chain.</param>
    /// <param name="vocabularySize">Ids there are.</param>
    /// <param name="lastOnly">Whether the last row alone has an output; else all have.</param>
    internal static void Add(BatchPlan plan, IDecoderSequence sequence, int rows, int vocabularySize, bool lastOnly)
    {
        plan.Begin(sequence);
        for (int i = 0; i < rows; i++) plan.Add(Token(i, vocabularySize), i - 1, output: !lastOnly || i == rows - 1);
    }

    /// <summary>Opens a sequence and fills its cache to a length, with at most so many rows in a forward.</summary>
    internal static IDecoderSequence OpenFilled(IDecoder decoder, int length, int mostRows)
    {
        var sequence = decoder.OpenSequence();
        var plan = new BatchPlan();
        while (sequence.Length < length)
        {
            int rows = Math.Min(mostRows, length - sequence.Length);
            plan.Clear();
            Add(plan, sequence, rows, decoder.Config.VocabularySize, lastOnly: true);
            decoder.Forward(plan);
            sequence.CommitChain(rows);
        }
        return sequence;
    }

    private static int Token(int index, int vocabularySize) => (index * 37 + 11) % vocabularySize;
}
