namespace Atlas.Conformance.Statistics;

/// <summary>Pearson's goodness-of-fit test for seeded draws: with fixed seeds the verdict is always the same.</summary>
public static class ChiSquare
{
    // Normal quantile of a one-sided error of 1e-4.
    private const double Quantile = 3.719;

    /// <summary>Fails where counts and probabilities differ by more than chance would let them once in ten thousand times.</summary>
    public static void AssertFits(ReadOnlySpan<int> counts, ReadOnlySpan<double> probabilities)
    {
        Assert.Equal(probabilities.Length, counts.Length);
        int total = 0;
        foreach (int count in counts) total += count;
        double statistic = 0, restExpected = 0, restCount = 0;
        int cells = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double expected = probabilities[i] * total;
            if (expected == 0)
            {
                Assert.True(counts[i] == 0, $"cell {i} has probability 0 and {counts[i]} draws");
                continue;
            }
            // Cells with few expected draws are pooled.
            if (expected < 8)
            {
                restExpected += expected;
                restCount += counts[i];
                continue;
            }
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
            cells++;
        }
        if (restExpected > 1)
        {
            statistic += (restCount - restExpected) * (restCount - restExpected) / restExpected;
            cells++;
        }
        Assert.True(cells > 1, "the test needs at least two cells with draws to expect");
        double critical = Critical(cells - 1);
        Assert.True(statistic < critical, $"chi-square {statistic:F1} over {cells} cells; expected below {critical:F1}");
    }

    // Wilson and Hilferty's cube-root approximation of the upper quantile.
    private static double Critical(int freedom)
    {
        double v = 2.0 / (9 * freedom);
        double root = 1 - v + Quantile * Math.Sqrt(v);
        return freedom * root * root * root;
    }
}
