using Atlas.Modeling.Training;

namespace Atlas.Trainer.Pretraining;

/// <summary>Weighted negative log-probability of the targets over a weight that is fixed across accumulated batches.</summary>
internal sealed class WeightedCrossEntropy(float[] weights, double totalWeight) : ITokenLoss
{
    /// <inheritdoc/>
    public double Evaluate(TokenBatch batch, ReadOnlySpan<float> logProbs, Span<float> derivative)
    {
        double sum = 0;
        for (int i = 0; i < logProbs.Length; i++)
        {
            derivative[i] = (float)(-weights[i] / totalWeight);
            sum -= weights[i] * (double)logProbs[i];
        }
        return sum / totalWeight;
    }
}
