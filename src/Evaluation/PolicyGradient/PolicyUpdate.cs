namespace Atlas.Evaluation.PolicyGradient;

/// <summary>What the policy learned from the samples of one step.</summary>
/// <param name="Loss">Mean over the step's updates.</param>
/// <param name="Divergence">Mean divergence from the start policy, in nats per token; null where its weight is 0 and it is not computed.</param>
/// <param name="ClippedShare">Share of the tokens whose gain was cut.</param>
/// <param name="GradientNorm">Mean norm of the gradients before clipping.</param>
/// <param name="Refused">Updates that were not applied because their gradient was not finite.</param>
public sealed record PolicyUpdate(double Loss, double? Divergence, double ClippedShare, double GradientNorm, int Refused);
