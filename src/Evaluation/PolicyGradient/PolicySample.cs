namespace Atlas.Evaluation.PolicyGradient;

/// <summary>A sample that the policy learns from.</summary>
/// <param name="Prompt">Tokens of the prompt.</param>
/// <param name="Output">What the policy said, the end token included; at least one token.</param>
/// <param name="Advantage">Against the other samples of the prompt.</param>
public sealed record PolicySample(int[] Prompt, int[] Output, float Advantage);
