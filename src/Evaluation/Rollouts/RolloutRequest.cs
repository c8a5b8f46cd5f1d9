namespace Atlas.Evaluation.Rollouts;

/// <summary>One sample that is to be drawn from the policy, at temperature 1.</summary>
/// <param name="Domain">Domain of its task; also its namespace.</param>
/// <param name="Group">Which prompt of the step it belongs to, counted from 0.</param>
/// <param name="Prompt">Tokens of the prompt; the same array for the whole group.</param>
/// <param name="Seed">Its own.</param>
/// <param name="MaxTokens">Most tokens of the sample.</param>
public sealed record RolloutRequest(string Domain, int Group, int[] Prompt, ulong Seed, int MaxTokens);
