using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Tests.Training;

/// <summary>
/// The clipped surrogate of PPO (arXiv 1707.06347): ratios to fixed old log-probabilities, advantages of both signs, some of them clipped
/// (derivative 0).
/// </summary>
public sealed class ClippedRatioLoss : IReferenceLoss
{
    private readonly double[] _old;
    private readonly double[] _advantage;

    public ClippedRatioLoss(int positions)
    {
        var random = new Random(11);
        _old = [.. Enumerable.Range(0, positions).Select(_ => -3 + 2 * (random.NextDouble() - 0.5))];
        _advantage = [.. Enumerable.Range(0, positions).Select(_ => random.NextDouble() - 0.5)];
    }

    public double Evaluate(TokenBatch batch, ReadOnlySpan<float> logProbs, Span<float> derivative)
    {
        double sum = 0;
        for (int i = 0; i < logProbs.Length; i++)
        {
            derivative[i] = float.NaN;
            if (batch.Targets[i] < 0) continue;
            double ratio = Math.Exp(logProbs[i] - _old[i]);
            sum += Term(i, logProbs[i]);
            derivative[i] = IsClipped(i, ratio) ? 0f : (float)(-ratio * _advantage[i]);
        }
        return sum;
    }

    public double Value(TokenBatch batch, double[] logProbs)
    {
        double sum = 0;
        for (int i = 0; i < logProbs.Length; i++)
            if (batch.Targets[i] >= 0)
                sum += Term(i, logProbs[i]);
        return sum;
    }

    private double Term(int i, double logProb)
    {
        double ratio = Math.Exp(logProb - _old[i]);
        return -Math.Min(ratio * _advantage[i], Math.Clamp(ratio, 0.8, 1.2) * _advantage[i]);
    }

    private bool IsClipped(int i, double ratio) => _advantage[i] > 0 ? ratio > 1.2 : ratio < 0.8;
}
