using Atlas.Controller.Budget;

namespace Atlas.Controller.Choice;

/// <summary>
/// What one sequence's choice does to the coming step: the losses of the arms, from estimates of tokens and rows and the present latencies.
/// Pure: batch size and machine enter at once, only the estimates are learned.
/// </summary>
/// <param name="Prices">What rows cost.</param>
/// <param name="Slice">The sequence's part of a plain step's seconds.</param>
/// <param name="OtherNodes">Draft rows that the batch's other sequences are expected to verify.</param>
internal readonly record struct StepForecast(RowPrices Prices, double Slice, double OtherNodes)
{
    private const double Hurdle = 2;

    /// <summary>Predicted seconds per emitted token of every arm, in those of plain decoding: the arm without speculators loses 1.</summary>
    /// <param name="estimates">Tokens and rows of the arms.</param>
    /// <param name="draftSeconds">Of each speculator, for this sequence.</param>
    /// <param name="readSeconds">
    /// Of each speculator, once, for text of this sequence that it has not read; spread over <paramref name="left"/>, and twice as much as it takes: it is spent
    /// before it is known whether the estimates were too hopeful, and of several the most hopeful is taken.
    /// </param>
    /// <param name="left">Tokens that the sequence is expected to emit yet.</param>
    /// <param name="losses">Filled, one per arm.</param>
    public void Losses(ArmEstimates estimates, ReadOnlySpan<double> draftSeconds, ReadOnlySpan<double> readSeconds, double left, Span<double> losses)
    {
        double others = Prices.Seconds(OtherNodes);
        losses[0] = 1;
        for (int arm = 1; arm < losses.Length; arm++)
        {
            double reading = 0, seconds = Slice + Prices.Seconds(OtherNodes + estimates.Rows(arm)) - others;
            for (int i = 0; i < draftSeconds.Length; i++)
            {
                if ((arm >> i & 1) == 0) continue;
                seconds += draftSeconds[i];
                reading += readSeconds[i];
            }
            losses[arm] = seconds / ((1 + estimates.Accepted(arm)) * Slice) + Hurdle * reading / (left * Slice);
        }
    }
}
