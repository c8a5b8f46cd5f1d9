using Atlas.Modeling.Training;

namespace Atlas.Evaluation.PolicyGradient;

/// <summary>
/// The loss of GRPO (arXiv 2402.03300, equation 3): the clipped surrogate of PPO (arXiv 1707.06347) less the divergence from the start policy,
/// mean over a sample's tokens, then over the samples. The divergence is the estimator r - 1 - log r with r the ratio of start to present
/// probability, which is never negative (Schulman, "Approximating KL divergence", 2020). Adds up what it saw over the batches of a step.
/// </summary>
/// <param name="clipRange">How far the ratio may leave 1.</param>
/// <param name="klWeight">Weight of the divergence.</param>
internal sealed class GrpoLoss(float clipRange, float klWeight) : ITokenLoss
{
    private PolicyBatch? _batch;
    private bool _drewSamples;

    /// <summary>Targets seen.</summary>
    public long Targets { get; private set; }

    /// <summary>Targets whose gain was cut, so that they taught nothing.</summary>
    public long Clipped { get; private set; }

    /// <summary>Sum of the divergences of all targets.</summary>
    public double Divergence { get; private set; }

    /// <summary>The batch that is evaluated next.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="drewSamples">
    /// Whether the policy is still the one that drew the samples. What it says of them now are the old log-probabilities then, which the batch
    /// need not have.
    /// </param>
    public void Begin(PolicyBatch batch, bool drewSamples = false) => (_batch, _drewSamples) = (batch, drewSamples);

    /// <inheritdoc/>
    public double Evaluate(TokenBatch batch, ReadOnlySpan<float> logProbs, Span<float> derivative)
    {
        var terms = _batch is { } own && ReferenceEquals(own.Tokens, batch) ? own : throw new InvalidOperationException("another batch was begun");
        if (_drewSamples) logProbs.CopyTo(terms.OldLogProbs);
        double loss = 0;
        for (int i = 0; i < logProbs.Length; i++)
        {
            derivative[i] = 0;
            if (batch.Targets[i] < 0) continue;
            double ratio = Math.Exp(logProbs[i] - terms.OldLogProbs[i]), advantage = terms.Advantages[i];
            double away = terms.ReferenceLogProbs[i] - logProbs[i], reference = Math.Exp(away), divergence = reference - 1 - away;
            bool cut = advantage > 0 ? ratio > 1 + clipRange : advantage < 0 && ratio < 1 - clipRange;
            double gain = Math.Min(ratio * advantage, Math.Clamp(ratio, 1 - clipRange, 1 + clipRange) * advantage);
            loss -= terms.Weights[i] * (gain - klWeight * divergence);
            derivative[i] = (float)(-terms.Weights[i] * ((cut ? 0 : ratio * advantage) - klWeight * (1 - reference)));
            Targets++;
            Divergence += divergence;
            if (cut) Clipped++;
        }
        return loss;
    }
}
