namespace Atlas.Evaluation.Scoring;

/// <summary>One held-out task and the target's greedy completion of it.</summary>
/// <param name="Domain">Its domain.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Completion">What the target wrote.</param>
/// <param name="Expected">What was expected.</param>
public sealed record CardSample(string Domain, string Prompt, string Completion, string Expected);
