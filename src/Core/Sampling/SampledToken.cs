namespace Atlas.Core.Sampling;

/// <summary>A token drawn or ranked by a model.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProb">Natural logarithm of its probability under the model's own logits (temperature 1, nothing masked).</param>
/// <param name="Score">Warped logit plus noise: differences between two tokens' scores are the perturbed margin.</param>
public readonly record struct SampledToken(int Token, float LogProb, float Score);
