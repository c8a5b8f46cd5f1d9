namespace Atlas.Modeling.Training;

/// <summary>Mean negative log-probability of the targets, in nats per target; <paramref name="targets"/> fixes the divisor across accumulated batches.</summary>
/// <param name="targets">Targets that the mean is over; 0 takes the batch's own.</param>
public sealed class CrossEntropy(int targets = 0) : ITokenLoss
{
    /// <inheritdoc/>
    public double Evaluate(TokenBatch batch, ReadOnlySpan<float> logProbs, Span<float> derivative)
    {
        int count = targets;
        if (count == 0)
            foreach (int target in batch.Targets)
                if (target >= 0)
                    count++;
        double sum = 0;
        for (int i = 0; i < logProbs.Length; i++)
        {
            bool used = batch.Targets[i] >= 0;
            derivative[i] = used ? -1f / count : 0f;
            if (used) sum -= logProbs[i];
        }
        return count == 0 ? 0 : sum / count;
    }
}
